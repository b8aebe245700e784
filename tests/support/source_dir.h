#pragma once

#include <filesystem>

namespace support {

/// Where the project's source stands.
[[nodiscard]] std::filesystem::path source_dir();

}  // namespace support
