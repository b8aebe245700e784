#pragma once

#include <filesystem>
#include <string>

#include "scenes/world.h"

namespace emulator {

/// Judges a scene or a profile file without running it; its keys say which it is. Returns one line about it.
/// Throws scenes::ConfigError. `folders` is where the scene of a profile is looked for.
[[nodiscard]] std::string check_file(const std::filesystem::path& file, scenes::Folders folders);

}  // namespace emulator
