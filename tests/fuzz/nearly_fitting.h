#pragma once

#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.h"

namespace fuzz {

/// A value that nearly fits a JSON Schema, out of the fuzzer's bytes: keys, entries and bounds are those of
/// the schema, so that it is the dictionary. Numbers are at both ends, between, and just outside; now and
/// then something is of another kind, left out, or too much.
[[nodiscard]] nlohmann::json nearly_fitting(Source&, const nlohmann::json& schema);

/// The same as a file has it: text of JSON is UTF-8.
[[nodiscard]] nlohmann::json nearly_fitting_file(Source&, const nlohmann::json& schema);

/// A value of any kind.
[[nodiscard]] nlohmann::json any_value(Source&, int depth = 0);

/// A name of a feature, a scene, or a word that means something somewhere; or none of that.
[[nodiscard]] std::string any_word(Source&);

}  // namespace fuzz
