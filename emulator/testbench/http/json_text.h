#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace emulator::testbench {

/// Objects and lists within each other: what walks through them calls itself, on a stack that ends.
inline constexpr int kNestingMost = 64;

/// What is told of a text that `parse_json` refuses.
inline constexpr std::string_view kNoJson = "this is not JSON, or it is nested more than 64 deep.";

enum class Comments : bool { refused, skipped };

/// JSON of a request; nothing if it is none, or nested more deeply than `kNestingMost`.
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text, Comments);

}  // namespace emulator::testbench
