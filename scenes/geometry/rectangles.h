#pragma once

#include <algorithm>

#include "scenes/light/image.h"

namespace scenes {

/// Intersection of two rectangles; empty if they do not overlap.
[[nodiscard]] inline light::Rect overlap(light::Rect a, light::Rect b) {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.width, b.x + b.width) - x, std::min(a.y + a.height, b.y + b.height) - y};
}

/// The multiple of `step` at or below a coordinate.
[[nodiscard]] inline int floored(int at, int step) { return at - ((at % step) + step) % step; }

/// Bounding rectangle of both.
[[nodiscard]] inline light::Rect around(light::Rect a, light::Rect b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

}  // namespace scenes
