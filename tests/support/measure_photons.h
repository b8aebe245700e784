#pragma once

#include <vector>

#include "tests/support/measure_bench.h"

/// The statistics of EMVA 1288, release 4.0.
namespace measure {

/// A straight line of least squares.
struct Line {
    double slope = 0, offset = 0;
};
[[nodiscard]] Line fit(const std::vector<double>& x, const std::vector<double>& y);

/// The line with the smallest relative deviations, and the largest of them that is left.
struct Linearity {
    Line line;
    double error = 0;
};
[[nodiscard]] Linearity linearity(const std::vector<double>& x, const std::vector<double>& y);

/// Mean and temporal variance of the green pixels, out of two frames.
struct Temporal {
    double mean_dn = 0, variance_dn2 = 0;
};
[[nodiscard]] Temporal temporal(Bench&);

/// Mean and spatial variance of the mean of many frames, less what is left of their noise. `channel` 1 takes
/// the green pixels of the red rows, so that all are of one colour plane; -1 takes all pixels.
struct Spatial {
    double mean_dn = 0, variance_dn2 = 0;
};
[[nodiscard]] Spatial spatial(Bench&, int frames, int channel);

}  // namespace measure
