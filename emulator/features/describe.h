#pragma once

#include <string>

#include "emulator/features/feature.h"

namespace emulator::features {

/// All features as a Markdown table. Defaults are those after power-up.
[[nodiscard]] std::string to_markdown(std::span<const Category>, const Camera&);
/// The same as JSON.
[[nodiscard]] std::string to_json(std::span<const Category>, const Camera&);

}  // namespace emulator::features
