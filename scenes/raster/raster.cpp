#include "scenes/raster/raster.h"

#include <algorithm>
#include <cmath>

#include "scenes/geometry/rectangles.h"

namespace scenes {

using light::Layer;
using light::Point;
using light::Rect;
using light::View;

namespace {

/// Samples along a side of a block.
int block_of(const Raster& raster) {
    const int px = raster.pixels_per_sample;
    return !raster.draft ? 8 : px == 1 ? 16 : std::clamp(32 / px, 2, 8);
}

}  // namespace

Rect grown(const Raster& raster) {
    // Blocks lie alike on the sensor, so that a part of a picture is drawn as the whole is.
    const int m = raster.margin_px, step = block_of(raster) * raster.pixels_per_sample;
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
      block_px_(block_of(raster)),
      sample_px_(raster.pixels_per_sample),
      draft_(raster.draft) {
    if (const int n = sample_px_; colours_meet()) {
        view_ = light::coarser(view, n);
        pixels_ = {pixels_.x / n, pixels_.y / n, pixels_.width / n, pixels_.height / n};
    }
    columns_ = (pixels_.width + block_px_ - 1) / block_px_ + 1;
    const int rows = (pixels_.height + block_px_ - 1) / block_px_ + 1;
    for (int c = 0; c < (colours_meet() ? 1 : 3); ++c) {
        nodes_[c].reserve(static_cast<std::size_t>(columns_) * rows);
        for (int j = 0; j < rows; ++j)
            for (int i = 0; i < columns_; ++i) {
                const Point corner{static_cast<double>(pixels_.x + i * block_px_),
                                   static_cast<double>(pixels_.y + j * block_px_)};
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

Rect bounds(const TangentMap& map, const Box& box_px) {
    constexpr double kSpare_samples = 2;  // a side bends a little between two places of its outline
    const int n = map.samples_per_pixel();
    const auto sample = [&](double px, double spare, int origin) {
        const double at = std::clamp(px, -1e6, 1e6) / map.sample_px() + spare;
        return static_cast<int>(std::floor((at - origin) * n));
    };
    const int left = sample(box_px.left, -kSpare_samples, map.pixels().x),
              top = sample(box_px.top, -kSpare_samples, map.pixels().y);
    const int right = sample(box_px.right, kSpare_samples, map.pixels().x) + 1;
    const int bottom = sample(box_px.bottom, kSpare_samples, map.pixels().y) + 1;
    return overlap({left, top, right - left, bottom - top}, map.samples());
}

Layer blank(double distance_m, Rect where) {
    Layer layer{distance_m, where, {}, light::Image<float>(where.width, where.height)};
    for (auto& plane : layer.signal) plane = light::Image<float>(where.width, where.height);
    return layer;
}

}  // namespace scenes
