#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "scenes/motion/moving.h"

namespace scenes {

/// Places are exact at the corners of cells of this size, and go straight between.
inline constexpr int kCell_px = 32;

/// A cell of the frame: light in electrons per second, and the share of the background that is hidden.
struct MotionBlurCell {
    light::Rect where;
    std::array<std::array<float, kCell_px>, kCell_px> light, coverage;
};

/// Motion blur of a thing in a part of the frame, lit by one lamp, along the way through a chain of poses.
class MotionBlur {
  public:
    MotionBlur(const light::View&, const Moving&, const MotionSums&, std::span<const Pose>, light::Rect part);

    /// Gives the cells that the thing may touch, one after the other.
    void run(const std::function<void(const MotionBlurCell&)>&) const;

  private:
    struct Places;
    /// For each pose and colour: along and across the sums, in samples, of the places that cells' corners
    /// come from.
    using Nodes = std::array<std::vector<light::Point>, 3>;

    void place_nodes(const light::View&, const Moving&, std::span<const Pose>);
    [[nodiscard]] Places places(std::size_t pose, int channel, int column, int row) const;
    void run_piece(MotionBlurCell&, int channel, const Places& from, const Places& to) const;
    void run_row(MotionBlurCell&, int channel, int y, const Places& from, const Places& to,
                 double weight) const;
    [[nodiscard]] bool misses(const Places& from, const Places& to) const;

    const MotionSums& motion_sums_;
    light::Rect part_;
    double pieces_most_;  // into which a way between two poses is divided
    int columns_, rows_;  // of nodes
    std::vector<Nodes> nodes_;
};

}  // namespace scenes
