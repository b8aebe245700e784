#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenes/light/view.h"

namespace scenes::targets {

using light::Point;

inline constexpr int kNothing = -1;
inline constexpr double kFar = std::numeric_limits<double>::infinity();

/// What a target shows at one place: which of its materials, and how far from there all is the same.
/// The clearance may be too small, which only costs time; it is never too large. Where a single straight edge
/// is near it is the exact distance, and the renderer then has the exact area on either side.
struct Place {
    int material = kNothing;
    double clearance_m = kFar;
};

/// A pattern drawn on a target is any type with `Place at(Point uv_m) const`; (0, 0) is the centre, u right,
/// v down.

/// Without std::hypot's overflow handling, and four times as fast.
[[nodiscard]] inline double length_m(double x, double y) { return std::sqrt(x * x + y * y); }

/// The upright rectangle of a size about the centre: a signed distance, positive inside.
[[nodiscard]] inline double inside_rectangle_m(Point p, double half_width_m, double half_height_m) {
    const double dx = std::abs(p.x) - half_width_m, dy = std::abs(p.y) - half_height_m;
    if (dx <= 0 && dy <= 0) return -std::max(dx, dy);
    return -length_m(std::max(dx, 0.0), std::max(dy, 0.0));
}

/// A stroke with round ends: a signed distance, positive on the ink.
[[nodiscard]] inline double inside_stroke_m(Point p, Point a, Point b, double half_width_m) {
    const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    double t = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
    t = std::min(1.0, std::max(0.0, t));
    return half_width_m - length_m(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

}  // namespace scenes::targets
