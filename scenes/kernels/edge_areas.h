#pragma once

#include "scenes/light/isa.h"

namespace scenes {

inline constexpr int kEdgeRunMax = 32;  // samples in a run

/// How much of a square of side 1 about the origin lies where `at_centre + across · x + down · y` is
/// positive. Each source has its own, because sources are compiled for different instruction sets.
[[nodiscard]] static inline double area_beyond_edge(double at_centre, double across, double down) {
    across = across < 0 ? -across : across, down = down < 0 ? -down : down;
    const double a = across > down ? across : down, b = across > down ? down : across;
    // The corner where the distance is largest; the area is a triangle, less the two tips that leave the
    // square.
    const double m0 = at_centre + 0.5 * (a + b), m1 = m0 - a, m2 = m0 - b, m3 = m1 - b;
    const double c0 = m0 > 0 ? m0 : 0, c1 = m1 > 0 ? m1 : 0, c2 = m2 > 0 ? m2 : 0, c3 = m3 > 0 ? m3 : 0;
    const double triangle = (c0 * c0 - c1 * c1 - c2 * c2 + c3 * c3) / (2 * a * b),
                 upright = 0.5 + at_centre / a;
    const double part = b < 1e-5 * a ? upright : triangle, area = part < 0 ? 0.0 : part > 1 ? 1.0 : part;
    return a > 0 ? area : at_centre > 0 ? 1.0 : 0.0;
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
