#pragma once

#include "emulator/features/feature.h"
#include "emulator/profile.h"

namespace emulator::features {

/// Table of all features of the camera.
[[nodiscard]] std::span<const Category> table(NodeTypes = NodeTypes::manual);

/// The feature of this name; null if there is none.
[[nodiscard]] const Feature* find(std::string_view name, NodeTypes = NodeTypes::manual);

}  // namespace emulator::features
