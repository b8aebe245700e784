#pragma once

#include <cstdint>

#include "scenes/light/image.h"
#include "sensor_model/chip.h"

namespace emulator::auto_functions {

/// How neighbours differ of which the scene is alike: variance = floor + per_dn × signal + (part × signal)².
struct Noise {
    double variance_dn2_per_dn = 0, variance_dn2 = 0;
    double part = 0;  // of the pattern of the sensor
};
[[nodiscard]] Noise noise(const sensor_model::Chip&, double gain_db);

/// Without a region of the client autofocus measures one tile of its part of the picture.
inline constexpr int kAllTiles = -1;

/// Contrast measure, in squared codes: proportional to the square of the light. Fine detail gives the
/// sharpest peak; coarse detail is measurable farther from focus, and through more noise.
struct Sharpness {
    double fine = 0, coarse = 0;
    int tile = kAllTiles;  // that it is of
};

/// Squared second differences of the green in red rows, 4 and 10 pixels apart, less what noise adds to them;
/// 0 where chance explains what is left. The region fades out towards its edges, because focusing makes the
/// picture a little larger or smaller: what comes and goes at the edges is no detail.
[[nodiscard]] Sharpness sharpness(const scenes::light::Image<std::uint16_t>& dn12_rggb,
                                  const scenes::light::Rect& region, int black_dn, const Noise&);

}  // namespace emulator::auto_functions
