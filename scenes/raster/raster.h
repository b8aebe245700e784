#pragma once

#include <array>
#include <vector>

#include "scenes/geometry/geometry.h"
#include "scenes/light/image.h"
#include "scenes/light/radiance.h"
#include "scenes/light/view.h"
#include "scenes/seen.h"
#include "scenes/targets/picture.h"

namespace scenes {

/// Directions of samples, per colour: exact at the corners of blocks of eight pixels, in a draft of 16 or 32,
/// bilinear between. At the strongest distortion of the lens that is within 0.005 px; 0.02 and 0.08 px.
///
/// With samples of several pixels all of it, view and rectangles too, counts in samples instead of pixels.
class TangentMap {
  public:
    TangentMap(const light::View&, const Raster&);

    struct Block {
        light::Point origin, across, down, twist;  // tangents, over the width and height of the block
        [[nodiscard]] light::Point at(double x, double y) const {
            return {origin.x + x * across.x + y * (down.x + x * twist.x),
                    origin.y + x * across.y + y * (down.y + x * twist.y)};
        }
    };
    [[nodiscard]] const light::View& view() const { return view_; }
    [[nodiscard]] light::Rect pixels() const { return pixels_; }
    [[nodiscard]] int samples_per_pixel() const { return samples_per_pixel_; }
    /// Samples of several pixels.
    [[nodiscard]] bool is_coarse() const { return sample_px_ > 1; }
    [[nodiscard]] int sample_px() const { return sample_px_; }
    [[nodiscard]] bool is_draft() const { return draft_; }
    /// Whether directions are equal for all colours.
    [[nodiscard]] bool colours_meet() const { return is_coarse() || draft_; }
    [[nodiscard]] int block_samples() const { return block_px_ * samples_per_pixel_; }
    [[nodiscard]] light::Rect samples() const;
    [[nodiscard]] Block block(int channel, int column, int row) const;

  private:
    light::View view_;
    light::Rect pixels_;
    int samples_per_pixel_, block_px_;
    int sample_px_;
    bool draft_;
    int columns_;  // of nodes
    std::array<std::vector<light::Point>, 3> nodes_;
};

/// Signal of each material of an item, per colour.
using Palette = std::vector<std::array<float, 3>>;

/// The pixels of a raster with its margin: whole samples.
[[nodiscard]] light::Rect grown(const Raster&);

/// The part of the raster that holds a part of the picture, and a little more.
[[nodiscard]] light::Rect bounds(const TangentMap&, const Box& box_px);

/// An empty layer: nothing hides what is behind it. `where` is relative to the raster's own corner, and so
/// for `paint`.
[[nodiscard]] light::Layer blank(double distance_m, light::Rect where);

/// Draws an item over what the layer holds, each sample the mean over its area. Where the layer lies open to
/// what is behind it (`open`), all three colours share the outline of green, so that the one coverage holds
/// for all of them; over a closed ground each colour has its own.
void paint(light::Layer&, const TangentMap&, const SeenItem&, const Palette&, bool open);
void paint(light::Layer&, const TangentMap&, const SeenItem&, const targets::Pyramid&, bool open);

}  // namespace scenes
