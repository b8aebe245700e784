#pragma once

#include <filesystem>
#include <optional>

#include "emulator/storage/flash.h"

namespace emulator {

/// Non-volatile memory (user sets, user name, persistent IP) in a file named by the camera's serial number. A
/// kill at any moment leaves the old content or the new one, whole.
class NonVolatileStore {
  public:
    /// Without a directory nothing is kept.
    NonVolatileStore(std::optional<std::filesystem::path> directory, const std::string& serial);

    /// What was saved; that of a new camera where nothing was. A file that cannot be understood is put aside,
    /// so that nothing overwrites it, and is as good as none.
    [[nodiscard]] Flash load() const;
    /// True once it is on the disk; false if it could not be written.
    bool save(const Flash&) const;

  private:
    void put_aside() const;

    std::optional<std::filesystem::path> file_;
};

}  // namespace emulator
