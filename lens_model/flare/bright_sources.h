#pragma once

#include <array>
#include <vector>

#include "scenes/light/radiance.h"
#include "scenes/light/view.h"

namespace lens_model {

/// Bright source: light so much above the picture that its flare (star and ghosts) is visible.
struct BrightSource {
    scenes::light::Rect pixels;     // that hold it
    scenes::light::Point at_px;     // its centre
    double xx = 0, xy = 0, yy = 0;  // second moments about it, px²
    std::array<double, 3> light{};  // signal times area in px², for each channel
    double distance_m = 0;
};

/// The signal, as a sum of all channels, from which on light is bright in this picture of the whole sensor:
/// 100 times its median, or where most of it is black a hundredth of its maximum.
[[nodiscard]] double bright_from(const scenes::light::Radiance&);

/// Connected areas of samples above a signal, the strongest ones, in no more than `kBrightMost` pieces.
inline constexpr std::size_t kBrightMost = 12;
[[nodiscard]] std::vector<BrightSource> bright_sources(const scenes::light::Radiance&, double from);

}  // namespace lens_model
