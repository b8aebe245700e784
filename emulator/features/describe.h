#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "emulator/features/feature.h"

namespace emulator::features {

/// All features as a Markdown table. Defaults are those after power-up.
[[nodiscard]] std::string to_markdown(std::span<const Category>, const Camera&);
/// The same as JSON.
[[nodiscard]] std::string to_json(std::span<const Category>, const Camera&);

/// What never changes of a feature: name, category, type, access, address, tip, selector.
[[nodiscard]] nlohmann::ordered_json describe(const Category&, const Feature&);
/// A value as clients name it: the entry of an enumeration, bytes in hexadecimal digits.
[[nodiscard]] nlohmann::ordered_json to_json(const Type&, const Value&);

}  // namespace emulator::features
