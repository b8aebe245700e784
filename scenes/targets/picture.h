#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "scenes/light/image.h"
#include "scenes/targets/target.h"

namespace scenes::targets {

/// Frames of a picture in sRGB, shown one after the other for ever; a single one is a still picture.
struct Picture {
    using Frame = light::Image<std::array<std::uint8_t, 3>>;  // R, G, B

    double width_m = 0, height_m = 0;
    std::vector<Frame> frames;
    double frame_rate_hz = 25;

    [[nodiscard]] std::size_t frame_at(std::chrono::nanoseconds time) const;
};

/// A picture and its halves, quarters and so on, each texel the mean of those that it stands for: three
/// planes of light.
struct Pyramid {
    using Planes = std::array<light::Image<float>, 3>;
    std::vector<Planes> levels;
};

/// The light of a frame: `signal_from_rgb[c]` weighs linear red, green and blue for channel c.
[[nodiscard]] Pyramid pyramid_of(const Picture::Frame&,
                                 const std::array<std::array<double, 3>, 3>& signal_from_rgb);

/// Places in a row, in texels of the finest level, and how many texels along a side each of them takes in.
struct Texels {
    Point from, step;
    double footprint = 1;
};

/// The means of a channel about `count` places.
void sample(const Pyramid&, std::size_t channel, const Texels&, int count, float* light);

}  // namespace scenes::targets
