#pragma once

#include <span>
#include <vector>

#include "scenes/geometry/geometry.h"

namespace scenes {

/// Upright bounds in pixels.
struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;
    [[nodiscard]] bool empty() const { return right <= left || bottom <= top; }
};

/// Where the green image of a place lands; nothing if it is behind the lens.
[[nodiscard]] std::optional<Point> pixel_of(const light::View&, Vec3 camera_m);

/// How many points each side of a rectangle needs, so that distortion bends it by less than 0.1 px between
/// two.
[[nodiscard]] int outline_steps(const light::View&, const Plane&, double width_m, double height_m);

/// The sides of an upright rectangle of plane coordinates, as points in order.
[[nodiscard]] std::vector<Point> rectangle_outline(Point upper_left, Point lower_right, int points_per_side);

/// The outline of a rectangle about the centre of a plane, fine enough for this view: as many points on each
/// side.
[[nodiscard]] std::vector<Point> outline_of(const light::View&, const Plane&, double width_m,
                                            double height_m);

/// The bounds of all points that land anywhere.
[[nodiscard]] Box box_of(std::span<const Point> pixels);

}  // namespace scenes
