#pragma once

#include "emulator/isp/colour_matrix.h"
#include "emulator/isp/tone_curve.h"
#include "emulator/isp/white_balance.h"

namespace emulator::isp {

/// All that a client can set of the image processing.
struct Settings {
    WhiteBalance white_balance;
    bool matrix_enabled = true;
    Coefficients matrix_16 = kFactoryCoefficients;
    double hue_deg = 0;      // -180..180
    double saturation = 64;  // 0..255; 64 changes nothing
    double gamma = 1;        // 0.01..5; does nothing while the LUT is enabled, which takes its place
    bool lut_enabled = false;
    Lut lut = identity_lut();
    int black_level_dn = 240;  // at which the sensor was set; the camera fills it in
    bool operator==(const Settings&) const = default;
};

}  // namespace emulator::isp
