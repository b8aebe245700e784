#pragma once

#include <string>

#include "emulator/features/feature.h"

namespace emulator::features {

/// Name of the description file without ending.
[[nodiscard]] std::string description_name();
/// The GenICam description of all rows.
[[nodiscard]] std::string description_xml(std::span<const Category>);
/// A zip archive with this one file; the same bytes every time.
[[nodiscard]] Bytes zipped(const std::string& content, const std::string& file_name);

}  // namespace emulator::features
