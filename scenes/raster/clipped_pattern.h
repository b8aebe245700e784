#pragma once

#include <algorithm>
#include <variant>

#include "scenes/item.h"

namespace scenes {

/// A pattern cut to the item's rectangle.
template <class Pattern>
struct ClippedPattern {
    const Pattern& pattern;
    double half_width_m, half_height_m;

    [[nodiscard]] targets::Place at(Point uv) const {
        const double border = targets::inside_rectangle_m(uv, half_width_m, half_height_m);
        if (border < 0) return {targets::kNothing, -border};
        targets::Place place = pattern.at(uv);
        place.clearance_m = std::min(place.clearance_m, border);
        return place;
    }
    /// Of a place `at` which `here` is. Not known where the pattern cannot tell, and outside of the
    /// rectangle.
    [[nodiscard]] targets::Edge edge(Point uv, const targets::Place& here) const {
        const double left = half_width_m + uv.x, right = half_width_m - uv.x, above = half_height_m + uv.y,
                     below = half_height_m - uv.y;
        const double across = std::min(left, right), down = std::min(above, below),
                     border = std::min(across, down);
        if (border < 0) return {};
        if (here.clearance_m >= border) {
            const bool upright = across <= down;
            const Point side =
                upright ? Point{left < right ? -1.0 : 1.0, 0} : Point{0, above < below ? -1.0 : 1.0};
            const double opposite = upright ? std::max(left, right) : std::max(above, below);
            return {.distance_m = border,
                    .towards = side,
                    .alone_m = std::min({pattern.at(uv).clearance_m, std::max(across, down), opposite})};
        }
        if constexpr (requires { pattern.edge(uv); }) {
            targets::Edge edge = pattern.edge(uv);
            edge.alone_m = std::min(edge.alone_m, border);
            return edge;
        }
        return {};
    }
};

/// Calls `draw` with what an item shows: its clipped pattern; a picture is of one material.
template <class Draw>
void with_pattern(const Item& item, const Draw& draw) {
    const auto clipped = [&](const auto& pattern) {
        draw(ClippedPattern<std::decay_t<decltype(pattern)>>{pattern, 0.5 * item.width_m,
                                                             0.5 * item.height_m});
    };
    if (std::holds_alternative<targets::Picture>(item.target)) return clipped(targets::Uniform{});
    std::visit(
        [&](const auto& pattern) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(pattern)>, targets::Picture>)
                clipped(pattern);
        },
        item.target);
}

}  // namespace scenes
