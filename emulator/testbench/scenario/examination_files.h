#pragma once

#include <filesystem>
#include <vector>

namespace emulator::testbench {

/// The scenarios of the examination, by name; none where their folder is not installed.
[[nodiscard]] std::vector<std::filesystem::path> examination_files();

}  // namespace emulator::testbench
