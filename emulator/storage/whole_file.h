#pragma once

#include <filesystem>
#include <string>

namespace emulator {

/// Gives a file another content: whoever reads it, at any time and after a kill at any time, finds the old
/// one or the new one, whole. False if that cannot be done; the old one is there then.
[[nodiscard]] bool replace_whole(const std::filesystem::path& file, const std::string& content);

}  // namespace emulator
