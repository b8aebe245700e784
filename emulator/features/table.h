#pragma once

#include "emulator/features/feature.h"

namespace emulator::features {

/// Every feature of the camera. What is not in here does not exist.
[[nodiscard]] std::span<const Category> table();

}  // namespace emulator::features
