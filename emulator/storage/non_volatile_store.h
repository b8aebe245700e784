#pragma once

#include <filesystem>
#include <optional>

#include "emulator/storage/file_system.h"
#include "emulator/storage/flash.h"

namespace emulator {

/// Non-volatile memory (user sets, user name, persistent IP) in a file named by the camera's serial number. A
/// kill at any moment leaves the old content or the new one, whole.
class NonVolatileStore {
  public:
    /// Without a directory nothing is kept.
    NonVolatileStore(std::optional<std::filesystem::path> directory, const std::string& serial,
                     FileSystem& disk = host_file_system());

    /// The saved content; that of a new camera where there is none. A malformed file is renamed, so that
    /// nothing overwrites it, and counts as none.
    [[nodiscard]] Flash load() const;
    /// True once it is on the disk; false if it could not be written.
    bool save(const Flash&) const;

  private:
    void put_aside() const;

    FileSystem& disk_;
    std::optional<std::filesystem::path> file_;
};

}  // namespace emulator
