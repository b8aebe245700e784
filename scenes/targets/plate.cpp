#include "scenes/targets/plate.h"

#include <algorithm>

namespace scenes::targets {

Place Plate::at(Point p) const {
    const double half_x = 0.5 * width_m - corner_radius_m, half_y = 0.5 * height_m - corner_radius_m;
    double solid = inside_rectangle_m(p, half_x, half_y) + corner_radius_m;
    for (const Hole& hole : holes)
        solid = std::min(solid, length_m(p.x - hole.centre_m.x, p.y - hole.centre_m.y) - hole.radius_m);
    if (solid < 0) return {kNothing, -solid};

    double scratched = -kFar;
    for (const Scratch& s : scratches)
        scratched = std::max(scratched, inside_stroke_m(p, s.from_m, s.to_m, s.half_width_m));
    return {scratched >= 0 ? 1 : 0, std::min(solid, std::abs(scratched))};
}

}  // namespace scenes::targets
