#pragma once

#include <algorithm>
#include <array>

#include "scenes/raster/raster.h"

namespace scenes {

/// A sample on the plane of a target: a parallelogram, the same for all samples of a block.
struct Footprint {
    light::Point across, down;     // its sides
    double width = 0, narrow = 0;  // the longer and the shorter one
    double own_radius = 0;         // of a circle around the sample
    double radius = 0;             // of one that holds the sample of every colour

    [[nodiscard]] double row_step() const { return targets::length_m(across.x, across.y); }
    [[nodiscard]] light::Point offset(light::Point from, double x, double y) const {
        return {from.x + x * across.x + y * down.x, from.y + x * across.y + y * down.y};
    }
    /// The share of a part of the sample, of this size, that lies on this side of an edge beside its middle.
    [[nodiscard]] double area_beside(const targets::Edge&, double size) const;
    /// Of a circle around so many samples, of every colour.
    [[nodiscard]] double radius_around(int columns, int rows) const {
        const light::Point falling = offset({}, columns, rows), rising = offset({}, columns, -rows);
        return 0.52 *
                   std::max(targets::length_m(falling.x, falling.y), targets::length_m(rising.x, rising.y)) +
               radius;
    }
};

/// Samples along a row, on the plane.
struct Run {
    light::Point from, step;
    int count;
};

/// A block of samples (`TangentMap`), seen on the plane of a target by each colour.
class PlaneBlock {
  public:
    PlaneBlock(const TangentMap&, const Homography&, int column, int row);

    [[nodiscard]] light::Rect samples() const { return samples_; }
    /// False where the horizon of the plane crosses the block, or it is behind the front of the lens: it is
    /// not flat enough for one footprint then.
    [[nodiscard]] bool in_front() const;
    /// As green sees it; the other colours magnify by a thousandth more or less.
    [[nodiscard]] Footprint footprint() const;
    [[nodiscard]] light::Point centre() const { return at(kGreen, 0.5, 0.5); }
    /// The middle of a part of its samples, as green sees it.
    [[nodiscard]] light::Point centre(const light::Rect& part) const {
        return at(kGreen, (part.x - samples_.x + 0.5 * part.width) / size_,
                  (part.y - samples_.y + 0.5 * part.height) / size_);
    }
    /// The middle of a sample.
    [[nodiscard]] light::Point sample(std::size_t colour, int x, int y) const {
        return at(colour, (x - samples_.x + 0.5) / size_, (y - samples_.y + 0.5) / size_);
    }
    [[nodiscard]] Run run(std::size_t colour, int x, int y, int count) const;

    static constexpr std::size_t kGreen = 1;

  private:
    /// In widths and heights of the block.
    [[nodiscard]] light::Point at(std::size_t colour, double x, double y) const {
        return map(homography_, colours_[colour].at(x, y)).at;
    }

    const Homography& homography_;
    std::array<TangentMap::Block, 3> colours_;
    light::Rect samples_;
    double size_;
};

}  // namespace scenes
