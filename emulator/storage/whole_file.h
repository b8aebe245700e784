#pragma once

#include "emulator/storage/file_system.h"

namespace emulator {

/// Replaces the content of a file atomically: a reader, at any time and after a kill at any time, finds the
/// old content or the new one, whole. False if that failed; the old content is unchanged then.
[[nodiscard]] bool replace_whole(const std::filesystem::path& file, const std::string& content,
                                 FileSystem& disk = host_file_system());

}  // namespace emulator
