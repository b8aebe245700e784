#pragma once

#include <optional>
#include <string>

#include "emulator/testbench/http/route.h"

namespace emulator::testbench {

/// A pattern of items in JSON. An object fits if each key of the pattern is in it and fits there; other keys
/// do not matter. Of an array one element must fit, or for each element of a pattern array one. Other values
/// must be equal, or fit operators in their place: $min, $max, $matches (a regular expression of ECMAScript
/// that is found in a text), $not (a pattern), $in (an array of values).
[[nodiscard]] bool fits(const nlohmann::json& pattern, const Json& item);

/// How many keys of an object fit, for the item that comes nearest.
[[nodiscard]] std::size_t fitting_keys(const nlohmann::json& pattern, const Json& item);

/// A mistake in a pattern.
struct PatternMistake {
    std::string key;  // dotted; empty: the pattern as a whole
    std::string sentence;
};
[[nodiscard]] std::optional<PatternMistake> mistake_in(const nlohmann::json& pattern);

}  // namespace emulator::testbench
