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

/// The edge that is nearest to a place: a straight line or a circle.
struct Edge {
    double distance_m = 0;   // of the place
    Point towards{1, 0};     // unit vector from the place to the edge
    double radius_m = kFar;  // of a circle: positive where the place is outside of it, negative inside
    int beyond = kNothing;   // the material on its other side
    double alone_m = 0;      // no other edge is as near to the place; 0: not known

    /// Signed distance of what lies at an offset from the place, from a straight edge: positive on the
    /// place's side.
    [[nodiscard]] double from(Point offset) const {
        return distance_m - offset.x * towards.x - offset.y * towards.y;
    }
    /// The offset from the centre of a circle.
    [[nodiscard]] Point from_centre(Point offset) const {
        const double centre_m = distance_m + radius_m;
        return {offset.x - centre_m * towards.x, offset.y - centre_m * towards.y};
    }
};

/// A pattern drawn on a target is any type with `Place at(Point uv_m) const`; (0, 0) is the centre, u right,
/// v down. With `Edge edge(Point uv_m) const` it is drawn faster, where edges are straight or circles.

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
