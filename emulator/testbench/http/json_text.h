#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::testbench {

/// Objects and lists within each other: what walks through them calls itself, on a stack that ends.
inline constexpr int kNestingMost = 64;

enum class Comments : bool { refused, skipped };

/// JSON of a request; nothing if it is none, or nested more deeply than `kNestingMost`.
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text, Comments);
/// What is told of a text that it refuses.
[[nodiscard]] std::string no_json();

}  // namespace emulator::testbench
