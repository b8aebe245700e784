#pragma once

#include "emulator/settings.h"
#include "scenes/camera_hints.h"

namespace emulator {

/// Sets what a scene suggests. An exposure or a gain turns ExposureAuto and GainAuto off: how bright the
/// scene is shown is not left to them.
void apply(const scenes::CameraHints&, Settings&);

}  // namespace emulator
