#pragma once

#include <algorithm>

namespace scenes::targets {

/// The cell that a coordinate is in, in a row of cells about 0; beyond the row it is the last one.
struct GridCell {
    int index;
    double size_m, from_centre_m;  // of the coordinate from the middle of the cell

    [[nodiscard]] static GridCell at(double at_m, double size_m, int count) {
        const int index = static_cast<int>(std::clamp(at_m / size_m + 0.5 * count, 0.0, count - 1.0));
        return {index, size_m, at_m - centre_m(index, size_m, count)};
    }
    [[nodiscard]] static double centre_m(int index, double size_m, int count) {
        return (index + 0.5 - 0.5 * count) * size_m;
    }
};

}  // namespace scenes::targets
