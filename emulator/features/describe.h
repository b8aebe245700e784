#pragma once

#include <string>

#include "emulator/features/feature.h"

namespace emulator::features {

/// All features as a table to read. Defaults are those of a camera that was just switched on.
[[nodiscard]] std::string to_markdown(std::span<const Category>, const Camera&);
/// The same for programs.
[[nodiscard]] std::string to_json(std::span<const Category>, const Camera&);

}  // namespace emulator::features
