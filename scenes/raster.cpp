#include "scenes/raster.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scenes {

using light::Layer;
using light::Point;
using light::Rect;
using light::View;

TangentMap::TangentMap(const View& view, Rect pixels, int samples_per_pixel)
    : view_(view),
      pixels_(pixels),
      samples_per_pixel_(samples_per_pixel),
      columns_((pixels.width + kBlock_px - 1) / kBlock_px + 1) {
    const int rows = (pixels.height + kBlock_px - 1) / kBlock_px + 1;
    for (int c = 0; c < 3; ++c) {
        nodes_[c].reserve(static_cast<std::size_t>(columns_) * rows);
        for (int j = 0; j < rows; ++j)
            for (int i = 0; i < columns_; ++i) {
                const Point corner{static_cast<double>(pixels.x + i * kBlock_px),
                                   static_cast<double>(pixels.y + j * kBlock_px)};
                nodes_[c].push_back(light::tangent_from_pixel(view, corner, c));
            }
    }
}

Rect TangentMap::samples() const {
    return {0, 0, pixels_.width * samples_per_pixel_, pixels_.height * samples_per_pixel_};
}

TangentMap::Block TangentMap::block(int channel, int column, int row) const {
    const Point* upper = nodes_[channel].data() + static_cast<std::size_t>(row) * columns_ + column;
    const Point* lower = upper + columns_;
    const Point &a = upper[0], &b = upper[1], &c = lower[0], &d = lower[1];
    return {
        a, {b.x - a.x, b.y - a.y}, {c.x - a.x, c.y - a.y}, {d.x - c.x - b.x + a.x, d.y - c.y - b.y + a.y}};
}

Rect bounds(const TangentMap& map, const Item& item, const Plane& plane) {
    constexpr int kSteps = 16;  // along each side, for the sides are bent by distortion
    constexpr double kTrusted =
        1.6;  // of the half diagonal: how far out a polynomial of distortion may be believed
    const Rect whole = map.samples();
    double left = 1e300, top = 1e300, right = -1e300, bottom = -1e300;
    const View& view = map.view();
    for (int step = 0; step < 4 * kSteps; ++step) {
        const double t = (step % kSteps) / static_cast<double>(kSteps) - 0.5;
        const int side = step / kSteps;
        const Point uv = side == 0   ? Point{t, -0.5}
                         : side == 1 ? Point{0.5, t}
                         : side == 2 ? Point{-t, 0.5}
                                     : Point{-0.5, -t};
        const auto tangent =
            tangent_of(camera_from_plane(plane, {uv.x * item.width_m, uv.y * item.height_m}));
        if (!tangent) return whole;
        if (std::hypot(tangent->x, tangent->y) * view.focal_length_px > kTrusted * view.corner_px)
            return whole;
        for (int c = 0; c < 3; ++c) {
            const Point at = light::pixel_from_tangent(view, *tangent, c);
            left = std::min(left, at.x), right = std::max(right, at.x);
            top = std::min(top, at.y), bottom = std::max(bottom, at.y);
        }
    }
    constexpr double kSpare_px = 2;  // a side bends a little between two steps
    const int n = map.samples_per_pixel();
    const auto sample = [n](double px, int origin) {
        return static_cast<int>(std::floor((std::clamp(px, -1e6, 1e6) - origin) * n));
    };
    const int x0 = std::max(0, sample(left - kSpare_px, map.pixels().x)),
              y0 = std::max(0, sample(top - kSpare_px, map.pixels().y));
    const int x1 = std::min(whole.width, sample(right + kSpare_px, map.pixels().x) + 1);
    const int y1 = std::min(whole.height, sample(bottom + kSpare_px, map.pixels().y) + 1);
    return {x0, y0, std::max(0, x1 - x0), std::max(0, y1 - y0)};
}

Layer blank(double distance_m, Rect where) {
    Layer layer{distance_m, where, {}, light::Image<float>(where.width, where.height)};
    for (auto& plane : layer.signal) plane = light::Image<float>(where.width, where.height);
    return layer;
}

}  // namespace scenes
