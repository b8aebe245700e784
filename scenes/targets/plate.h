#pragma once

#include <vector>

#include "scenes/targets/target.h"

namespace scenes::targets {

/// A part lying flat: a plate (material 0) with round corners, holes to see through, and scratches (material
/// 1).
struct Plate {
    struct Hole {
        Point centre_m;
        double radius_m = 0;
    };
    struct Scratch {
        Point from_m, to_m;
        double half_width_m = 0;
    };
    double width_m = 0, height_m = 0, corner_radius_m = 0;
    std::vector<Hole> holes;
    std::vector<Scratch> scratches;

    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;
};

}  // namespace scenes::targets
