#pragma once

#include <algorithm>

#include "scenes/light/image.h"

namespace scenes {

/// What two rectangles share; empty if that is nothing.
[[nodiscard]] inline light::Rect overlap(light::Rect a, light::Rect b) {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.width, b.x + b.width) - x, std::min(a.y + a.height, b.y + b.height) - y};
}

/// The smallest rectangle that holds both.
[[nodiscard]] inline light::Rect around(light::Rect a, light::Rect b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

}  // namespace scenes
