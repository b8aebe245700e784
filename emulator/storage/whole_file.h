#pragma once

#include "emulator/storage/file_system.h"

namespace emulator {

/// Replaces the content of a file atomically: a reader, at any time and after a kill at any time, finds the
/// old content or the new one, whole. False if it is not certain that the new one is on the disk.
[[nodiscard]] bool replace_whole(const std::filesystem::path& file, const std::string& content,
                                 FileSystem& disk = host_file_system());

}  // namespace emulator
