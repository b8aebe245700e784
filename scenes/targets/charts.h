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
    [[nodiscard]] Edge edge(Point) const;
};

/// Six by four patches (materials 0 to 23, in reading order) in a frame (material 24).
struct ColourChart {
    double width_m = 0, height_m = 0;
    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;
    /// The upright rectangle of a patch: its centre, and half of its side.
    [[nodiscard]] Point patch_centre_m(int patch) const;
    [[nodiscard]] double patch_half_m() const;

  private:
    static constexpr int kFrame = 24;
    struct Patch {
        int number;
        Point from_centre;  // of the patch to the place
    };
    /// Of the cell that a place is in, the outermost ones without end.
    [[nodiscard]] Patch patch_at(Point) const;
    [[nodiscard]] double cell_m() const;  // a patch, and half a gap on each side
};

/// Material 0 to the left of a straight line through the centre, 1 to the right; at angle 0 the line is
/// upright, and it turns clockwise. ISO 12233 wants 5 degrees.
struct SlantedEdge {
    double cos_angle = 1, sin_angle = 0;
    explicit SlantedEdge(double angle_deg = 5);
    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;
};

/// `cycles` dark spokes (material 1) on light ground (material 0) between a hub and a rim.
struct SiemensStar {
    double radius_m = 0, hub_radius_m = 0;
    std::vector<Point> rays;  // the directions of all edges, in order
    SiemensStar(int cycles, double radius_m, double hub_radius_m);
    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;

  private:
    /// Half a period, dark or light; its sides are rays from the centre, at these distances from a place.
    struct Sector {
        std::size_t first_ray;
        double from_first_m, from_second_m;
        [[nodiscard]] int material() const { return first_ray % 2 == 0 ? 1 : 0; }
    };
    [[nodiscard]] Sector sector_at(Point) const;
    [[nodiscard]] std::size_t next(std::size_t ray) const { return ray + 1 < rays.size() ? ray + 1 : 0; }
};

/// Upright steps of equal width from left to right, materials 0 to steps - 1.
struct GreySteps {
    int steps = 1;
    double width_m = 0;
    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;
};

/// Dots (material 1) on ground (material 0), one at the centre if the counts are odd.
struct DotGrid {
    int columns = 1, rows = 1;
    double pitch_m = 0, diameter_m = 0;
    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;
};

/// Squares, dark (material 1) in the upper left corner and every second one, in a light margin (material 0).
struct Checkerboard {
    int columns = 1, rows = 1;
    double square_m = 0;
    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;
};

}  // namespace scenes::targets
