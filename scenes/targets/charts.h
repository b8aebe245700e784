#pragma once

#include <vector>

#include "scenes/targets/target.h"

namespace scenes::targets {

/// One material everywhere.
struct Uniform {
    [[nodiscard]] Place at(Point) const { return {0, kFar}; }
};

/// A disc on nothing.
struct Disc {
    double radius_m = 0;
    [[nodiscard]] Place at(Point) const;
};

/// Six by four patches (materials 0 to 23, in reading order) in a frame (material 24).
struct ColourChart {
    double width_m = 0, height_m = 0;
    [[nodiscard]] Place at(Point) const;
    /// The upright rectangle of a patch: its centre, and half of its side.
    [[nodiscard]] Point patch_centre_m(int patch) const;
    [[nodiscard]] double patch_half_m() const;
};

/// Material 0 to the left of a straight line through the centre, 1 to the right; at angle 0 the line is
/// upright, and it turns clockwise. ISO 12233 wants 5 degrees.
struct SlantedEdge {
    double cos_angle = 1, sin_angle = 0;
    explicit SlantedEdge(double angle_deg = 5);
    [[nodiscard]] Place at(Point) const;
};

/// `cycles` dark spokes (material 1) on light ground (material 0) between a hub and a rim.
struct SiemensStar {
    double radius_m = 0, hub_radius_m = 0;
    std::vector<Point> rays;  // the directions of all edges, in order
    SiemensStar(int cycles, double radius_m, double hub_radius_m);
    [[nodiscard]] Place at(Point) const;
};

/// Upright steps of equal width from left to right, materials 0 to steps - 1.
struct GreySteps {
    int steps = 1;
    double width_m = 0;
    [[nodiscard]] Place at(Point) const;
};

/// Dots (material 1) on ground (material 0), one at the centre if the counts are odd.
struct DotGrid {
    int columns = 1, rows = 1;
    double pitch_m = 0, diameter_m = 0;
    [[nodiscard]] Place at(Point) const;
};

/// Squares, dark (material 1) in the upper left corner and every second one, in a light margin (material 0).
struct Checkerboard {
    int columns = 1, rows = 1;
    double square_m = 0;
    [[nodiscard]] Place at(Point) const;
};

}  // namespace scenes::targets
