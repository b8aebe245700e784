#include "scenes/raster/raster.h"

#include <algorithm>
#include <cmath>

#include "scenes/geometry/outline.h"
#include "scenes/geometry/rectangles.h"

namespace scenes {

using light::Layer;
using light::Point;
using light::Rect;
using light::View;

namespace {

/// The multiple of `step` at or below a coordinate.
int floored(int at, int step) { return at - ((at % step) + step) % step; }

}  // namespace

Rect grown(const Raster& raster) {
    // Blocks lie alike on the sensor, so that a part of a picture is drawn as the whole is.
    const int m = raster.margin_px, step = kBlock_px * raster.pixels_per_sample;
    const Rect& p = raster.pixels;
    const int x = floored(p.x - m, step), y = floored(p.y - m, step);
    const int right = floored(p.x + p.width + m + step - 1, step);
    const int bottom = floored(p.y + p.height + m + step - 1, step);
    return {x, y, right - x, bottom - y};
}

TangentMap::TangentMap(const View& view, const Raster& raster)
    : view_(view),
      pixels_(grown(raster)),
      samples_per_pixel_(raster.samples_per_pixel),
      is_coarse_(raster.pixels_per_sample > 1),
      exact_(raster.exact) {
    if (const int n = raster.pixels_per_sample; is_coarse_) {
        view_ = light::coarser(view, n);
        pixels_ = {pixels_.x / n, pixels_.y / n, pixels_.width / n, pixels_.height / n};
    }
    columns_ = (pixels_.width + kBlock_px - 1) / kBlock_px + 1;
    const int rows = (pixels_.height + kBlock_px - 1) / kBlock_px + 1;
    for (int c = 0; c < (colours_meet() ? 1 : 3); ++c) {
        nodes_[c].reserve(static_cast<std::size_t>(columns_) * rows);
        for (int j = 0; j < rows; ++j)
            for (int i = 0; i < columns_; ++i) {
                const Point corner{static_cast<double>(pixels_.x + i * kBlock_px),
                                   static_cast<double>(pixels_.y + j * kBlock_px)};
                nodes_[c].push_back(light::tangent_from_pixel(view_, corner, c));
            }
    }
}

Rect TangentMap::samples() const {
    return {0, 0, pixels_.width * samples_per_pixel_, pixels_.height * samples_per_pixel_};
}

TangentMap::Block TangentMap::block(int channel, int column, int row) const {
    const auto& nodes = nodes_[colours_meet() ? 0 : channel];
    const Point* upper = nodes.data() + static_cast<std::size_t>(row) * columns_ + column;
    const Point* lower = upper + columns_;
    const Point &a = upper[0], &b = upper[1], &c = lower[0], &d = lower[1];
    return {
        a, {b.x - a.x, b.y - a.y}, {c.x - a.x, c.y - a.y}, {d.x - c.x - b.x + a.x, d.y - c.y - b.y + a.y}};
}

Rect bounds(const TangentMap& map, const Item& item, const Plane& plane) {
    const Rect whole = map.samples();
    const View& view = map.view();
    const Point corner{0.5 * item.width_m, 0.5 * item.height_m};
    const int steps = outline_steps(view, plane, item.width_m, item.height_m);
    std::vector<Point> pixels;
    for (const Point uv : rectangle_outline({-corner.x, -corner.y}, corner, steps)) {
        const auto tangent = tangent_of(view, camera_from_plane(plane, uv));
        if (!tangent) return whole;
        for (int c = 0; c < 3; ++c) pixels.push_back(light::pixel_from_tangent(view, *tangent, c));
    }
    constexpr double kSpare_px = 2;  // a side bends a little between two steps
    const Box box = box_of(pixels);
    const int n = map.samples_per_pixel();
    const auto sample = [n](double px, int origin) {
        return static_cast<int>(std::floor((std::clamp(px, -1e6, 1e6) - origin) * n));
    };
    const int left = sample(box.left - kSpare_px, map.pixels().x),
              top = sample(box.top - kSpare_px, map.pixels().y);
    const int right = sample(box.right + kSpare_px, map.pixels().x) + 1;
    const int bottom = sample(box.bottom + kSpare_px, map.pixels().y) + 1;
    return overlap({left, top, right - left, bottom - top}, whole);
}

Layer blank(double distance_m, Rect where) {
    Layer layer{distance_m, where, {}, light::Image<float>(where.width, where.height)};
    for (auto& plane : layer.signal) plane = light::Image<float>(where.width, where.height);
    return layer;
}

}  // namespace scenes
