#include "scenes/motion/sight.h"

#include <algorithm>
#include <cmath>

namespace scenes {
namespace {

using light::Rect;

/// For lateral colour, and for the bend of a side between two places of it.
constexpr double kSpare_px = 8;

Box tangents_of(const light::View& view, const Rect& r) {
    const Point corner{r.x - kSpare_px, r.y - kSpare_px};
    const Point opposite{r.x + r.width + kSpare_px, r.y + r.height + kSpare_px};
    std::vector<Point> tangents;
    for (const Point pixel : rectangle_outline(corner, opposite, 8))
        tangents.push_back(light::tangent_from_pixel(view, pixel));
    return box_of(tangents);
}

/// When [low, high] overlaps [from, to] on a way that starts at `at` and leads on by `way`.
Stretch overlap_of(double low, double high, double from, double to, double at, double way) {
    const double enters = from - high - at, leaves = to - low - at;
    if (way == 0) return enters < 0 && leaves > 0 ? Stretch{} : Stretch{1, 0};
    return {std::max(0.0, std::min(enters / way, leaves / way)),
            std::min(1.0, std::max(enters / way, leaves / way))};
}

}  // namespace

Sight::Sight(const light::View& view, const Pose& reference, const Pose& begin, const Pose& end)
    : view_(view), frame_(tangents_of(view, {0, 0, view.width_px, view.height_px})) {
    const double z = from_entrance_pupil(view, reference.position_m).z;
    const Vec3 from = begin.position_m - reference.position_m, way = end.position_m - begin.position_m;
    from_ = {from.x / z, from.y / z};
    way_ = {way.x / z, way.y / z};
}

double Sight::length_px() const { return view_.focal_length_px * std::hypot(way_.x, way_.y); }

std::optional<Stretch> Sight::of(const Rect& sprite) const {
    const Box box = tangents_of(view_, sprite);
    const Stretch x = overlap_of(box.left, box.right, frame_.left, frame_.right, from_.x, way_.x);
    const Stretch y = overlap_of(box.top, box.bottom, frame_.top, frame_.bottom, from_.y, way_.y);
    const Stretch both{std::max(x.from, y.from), std::min(x.to, y.to)};
    return both.from <= both.to ? std::optional(both) : std::nullopt;
}

}  // namespace scenes
