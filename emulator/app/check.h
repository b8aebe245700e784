#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "scenes/world.h"

namespace emulator {

/// Judges a scene or a profile file without running it; its keys say which it is. Returns one line about it.
/// Throws scenes::ConfigError. `folders` is where the scene of a profile is looked for.
[[nodiscard]] std::string check_file(const std::filesystem::path& file, scenes::Folders folders);

/// Judges files one after the other: a line about each, what is wrong with it to stderr. Returns the exit
/// code.
[[nodiscard]] int check_files(std::span<const std::string> files, scenes::Folders folders);

}  // namespace emulator
