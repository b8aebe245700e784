#pragma once

#include "emulator/features/feature.h"
#include "emulator/profile.h"

namespace emulator::features {

/// Every feature of the camera. What is not in here does not exist.
[[nodiscard]] std::span<const Category> table(NodeTypes = NodeTypes::manual);

}  // namespace emulator::features
