#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "scenes/light/image.h"
#include "scenes/targets/target.h"

namespace scenes::targets {

/// Frames of a picture, shown one after the other for ever; a single one is a still picture.
struct Picture {
    using Srgb = light::Image<std::array<std::uint8_t, 3>>;  // R, G, B
    using Linear = light::Image<std::array<float, 3>>;       // of the same primaries; 1 is white
    using Frame = std::variant<Srgb, Linear>;
    /// At least one, all of one size. Worlds share them.
    using Frames = std::shared_ptr<const std::vector<Frame>>;

    double width_m = 0;
    Frames frames = black();
    double frame_rate_hz = 25;

    [[nodiscard]] std::size_t frame_at(std::chrono::nanoseconds time) const;
    /// It has the shape of its frames.
    [[nodiscard]] double height_m() const;
    /// A single black texel: what is shown of a picture before there is one.
    [[nodiscard]] static Frames black();
};

/// Width and height.
[[nodiscard]] std::pair<int, int> size_of(const Picture::Frame&);

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

/// One channel, or all three.
struct Channels {
    std::size_t first = 0;
    int count = 3;
};

/// The means about `count` places, of each channel.
void sample(const Pyramid&, Channels, const Texels&, int count, float* const light[]);

}  // namespace scenes::targets
