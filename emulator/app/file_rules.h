#pragma once

#include <filesystem>
#include <system_error>
#include <vector>

namespace emulator {

/// From now on the calling thread, and those that it starts, write, make and remove files in these folders
/// alone, execute none, and open no TCP connection (Landlock). Folders that do not exist are left out. To be
/// called after `filter_system_calls`, which renounces new privileges.
[[nodiscard]] std::error_code restrict_files_to(const std::vector<std::filesystem::path>& folders);

}  // namespace emulator
