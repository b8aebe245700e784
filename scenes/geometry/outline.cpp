#include "scenes/geometry/outline.h"

#include <algorithm>

namespace scenes {

std::optional<Point> pixel_of(const light::View& view, Vec3 camera_m) {
    const auto tangent = tangent_of(view, camera_m);
    if (!tangent) return std::nullopt;
    return light::pixel_from_tangent(view, *tangent);
}

int outline_steps(const light::View& view, const Plane& plane, double width_m, double height_m) {
    constexpr double kApart_px = 40;
    const double z_m = std::max(from_entrance_pupil(view, plane.centre_m).z, 1e-3);
    const double size_px = view.focal_length_px * std::max(width_m, height_m) / z_m;
    return static_cast<int>(std::clamp(size_px / kApart_px, 8.0, 1024.0));
}

std::vector<Point> rectangle_outline(Point a, Point b, int points_per_side) {
    const Point corners[] = {a, {b.x, a.y}, b, {a.x, b.y}};
    std::vector<Point> points;
    for (int side = 0; side < 4; ++side)
        for (int i = 0; i < points_per_side; ++i) {
            const double t = static_cast<double>(i) / points_per_side;
            const Point &from = corners[side], &to = corners[(side + 1) % 4];
            points.push_back({from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)});
        }
    return points;
}

std::vector<Point> outline_of(const light::View& view, const Plane& plane, double width_m, double height_m) {
    const Point corner{0.5 * width_m, 0.5 * height_m};
    return rectangle_outline({-corner.x, -corner.y}, corner, outline_steps(view, plane, width_m, height_m));
}

Box box_of(std::span<const Point> pixels) {
    if (pixels.empty()) return {};
    Box box{pixels[0].x, pixels[0].y, pixels[0].x, pixels[0].y};
    for (const Point& p : pixels) {
        box.left = std::min(box.left, p.x), box.right = std::max(box.right, p.x);
        box.top = std::min(box.top, p.y), box.bottom = std::max(box.bottom, p.y);
    }
    return box;
}

}  // namespace scenes
