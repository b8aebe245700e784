#pragma once

#include <filesystem>
#include <optional>

#include "protocol/device.h"

namespace emulator {

/// Keeps what survives a power cycle in a file of the camera's serial number. A kill at any moment leaves the old
/// content or the new one, whole.
class NonVolatileStore {
  public:
    /// Without a directory nothing is kept.
    NonVolatileStore(std::optional<std::filesystem::path> directory, const std::string& serial);

    /// What was saved; the values of a new camera where nothing was, or where the file cannot be understood.
    [[nodiscard]] protocol::NonVolatile load() const;
    /// False if it could not be written.
    bool save(const protocol::NonVolatile&) const;

  private:
    std::optional<std::filesystem::path> file_;
};

}  // namespace emulator
