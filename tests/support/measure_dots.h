#pragma once

#include <map>
#include <utility>
#include <vector>

#include "tests/support/measure_bench.h"

/// Finds dark dots on bright ground.
namespace measure {

/// A dot as one colour sees it, in pixels of the sensor.
struct Dot {
    scenes::light::Point at_px;
    double area_px = 0;
};

/// All dots that lie within the picture as a whole, as a colour's own pixels show them. Pixels darker than
/// the threshold belong to a dot; its place is the centre of what it takes from the light around it.
[[nodiscard]] std::vector<Dot> find_dots(const Picture&, int channel, double threshold_dn);

/// Dots of a grid by column and row, counted from the one that is nearest to a place.
using Grid = std::map<std::pair<int, int>, Dot>;
[[nodiscard]] Grid grid_of(const std::vector<Dot>&, scenes::light::Point start_px, double pitch_px);

}  // namespace measure
