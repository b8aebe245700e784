#pragma once

#include <array>
#include <functional>
#include <vector>

#include "scenes/motion/moving.h"

namespace scenes {

/// Places are exact at the corners of cells of this size, and go straight between.
inline constexpr int kCell_px = 32;

/// A cell of the frame: light in electrons per second, and the share of the background that is hidden. At a
/// pitch of 1 those of all pixels of the mosaic; else of one colour, at places so many pixels apart, of which
/// the first is the corner, in every second element.
struct MotionBlurCell {
    light::Rect where;
    int channel = 0;
    std::array<std::array<float, kCell_px>, kCell_px> light, coverage;
};

/// How far apart the light of a thing is computed: a quarter of a sample of its sprite, and a pixel at
/// least.
[[nodiscard]] int blur_pitch_px(double samples_per_pixel);

/// Directions of the corners of cells in a part of the frame, for each colour.
class CellCorners {
  public:
    /// With a pitch, cells lie on a grid from the corner of the frame, and one more goes along two sides.
    CellCorners(const light::View&, light::Rect part, int pitch);

    light::Rect part;
    int columns, rows;  // of corners
    std::array<std::vector<light::Point>, 3> tangents;
};

/// Motion blur of a thing in a part of the frame, lit by one lamp, along a way.
class MotionBlur {
  public:
    MotionBlur(const light::View&, const Moving&, const MotionSums&, const Way&, const CellCorners&,
               int pitch);

    /// Gives the cells that the thing may touch, one after the other.
    void run(const std::function<void(const MotionBlurCell&)>&) const;

  private:
    struct Places;
    /// For each pose and colour: along and across the sums, in samples, of the places that cells' corners
    /// come from.
    using Nodes = std::array<std::vector<light::Point>, 3>;

    void place_nodes(const light::View&, const Moving&, std::span<const Pose>);
    [[nodiscard]] Places places(std::size_t pose, int channel, int column, int row) const;
    bool run_channel(MotionBlurCell&, bool touched, int channel, int column, int row) const;
    void run_piece(MotionBlurCell&, int channel, const Places& from, const Places& to) const;
    void run_row(MotionBlurCell&, int channel, int y, const Places& from, const Places& to,
                 double weight) const;
    [[nodiscard]] bool misses(const Places& from, const Places& to) const;

    const MotionSums& motion_sums_;
    const CellCorners& corners_;
    int pitch_;
    double share_;        // of the exposure that the way takes
    double pieces_most_;  // into which a way between two poses is divided
    std::vector<Nodes> nodes_;
};

}  // namespace scenes
