#pragma once

#include "scenes/light/isa.h"

namespace scenes {

inline constexpr int kEdgeRunMax = 32;  // samples in a run

/// How much of a square of side 1 about the origin lies where `at_centre + across · x + down · y` is
/// positive. Each source has its own, because sources are compiled for different instruction sets.
[[nodiscard]] static inline double area_beyond_edge(double at_centre, double across, double down) {
    across = across < 0 ? -across : across, down = down < 0 ? -down : down;
    const double a = across > down ? across : down, b = across > down ? down : across;
    const auto within = [](double v) { return v < 0 ? 0.0 : v > 1 ? 1.0 : v; };
    if (a <= 0) return at_centre > 0 ? 1 : 0;
    if (b < 1e-5 * a) return within(0.5 + at_centre / a);
    // The corner where the distance is largest; the area is a triangle, less the two tips that leave the
    // square.
    const double m = at_centre + 0.5 * (a + b);
    const auto square = [](double v) { return v > 0 ? v * v : 0.0; };
    return within((square(m) - square(m - a) - square(m - b) + square(m - a - b)) / (2 * a * b));
}

/// Samples in a row, squares of side 1, beside a straight edge. The signed distance from it grows by `across`
/// and `down` over a sample, and by `step` from one to the next.
struct EdgeRun {
    double first, step;  // the signed distance of the first sample's middle
    double across, down;
    int count;
};

/// Samples in a row beside a circle, in one plane with it: parallelograms with sides `across` and `down`.
struct CircleRun {
    double x, y, step_x, step_y;  // the first sample's middle from the centre, and from one to the next
    double across_x, across_y, down_x, down_y;
    double radius;
    int count;
};

struct EdgeKernels {
    /// How much of each sample's area lies where the distance is positive.
    void (*beside_line)(const EdgeRun&, float* areas);
    /// How much of it lies outside of the circle.
    void (*outside_circle)(const CircleRun&, float* areas);
};

GIGEMU_FOR_EACH_ISA(const EdgeKernels& edge_kernels();)

}  // namespace scenes
