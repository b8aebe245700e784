#pragma once

#include "emulator/isp/kernels/stages.h"

namespace emulator::isp {

/// Turns Cb and Cr of BT.601 by an angle and stretches them by saturation/64; Y stays. Positive angles turn
/// from Cb to Cr (assumed). As a matrix for red, green and blue, whose rows add up to exactly 1: grey stays
/// grey.
[[nodiscard]] Matrix hue_saturation(double hue_deg, double saturation);

}  // namespace emulator::isp
