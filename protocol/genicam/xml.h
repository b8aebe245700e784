#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "protocol/genicam/feature_info.h"

namespace protocol::genicam {

/// Attributes of the description file's root element.
struct DeviceInfo {
    std::string_view vendor_symbol, model_symbol;  // legal symbols: letters, digits, underscore
    std::string_view tip;
    std::array<int, 3> version{1, 0, 0};
};

/// Device description file (GenICam XML), GenApi schema 1.1. Its VersionGuid changes with its content.
[[nodiscard]] std::string make_xml(const DeviceInfo&, std::span<const Node>);

/// FNV-1a of `text`: equal on every machine.
[[nodiscard]] std::uint64_t content_hash(std::string_view text);

}  // namespace protocol::genicam
