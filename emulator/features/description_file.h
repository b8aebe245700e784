#pragma once

#include <cstdint>
#include <string>

#include "emulator/features/feature.h"
#include "emulator/profile.h"

namespace emulator::features {

/// Where the description file begins, and where registers of features begin after it.
inline constexpr std::uint32_t kDescriptionFileAddress = 0x0001'0000, kDescriptionFileEnd = 0x0010'0000;

/// The description of all rows of a table, and the file as clients read it.
struct DescriptionFile {
    std::string xml, url;
    Bytes bytes;
};
/// Made once for each form, and the same for all cameras.
[[nodiscard]] const DescriptionFile& description_file(NodeTypes, bool zips);
/// The GenICam description of all rows.
[[nodiscard]] std::string description_xml(std::span<const Category>);
/// A zip archive with this one file; the same bytes every time.
[[nodiscard]] Bytes zipped(const std::string& content, const std::string& file_name);

}  // namespace emulator::features
