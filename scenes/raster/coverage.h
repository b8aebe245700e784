#pragma once

#include <algorithm>
#include <cmath>

namespace scenes {

/// How much of a square of side 1 about the origin lies where `at_centre + across · x + down · y` is
/// positive.
[[nodiscard]] inline double area_beyond_edge(double at_centre, double across, double down) {
    const double a = std::max(std::abs(across), std::abs(down)),
                 b = std::min(std::abs(across), std::abs(down));
    if (a <= 0) return at_centre > 0 ? 1 : 0;
    if (b < 1e-5 * a) return std::clamp(0.5 + at_centre / a, 0.0, 1.0);
    // The corner where the distance is largest; the area is a triangle, less the two tips that leave the
    // square.
    const double m = at_centre + 0.5 * (a + b);
    const auto square = [](double v) { return v > 0 ? v * v : 0; };
    return std::clamp((square(m) - square(m - a) - square(m - b) + square(m - a - b)) / (2 * a * b), 0.0,
                      1.0);
}

}  // namespace scenes
