#include "scenes/kernels/edge_areas.h"

namespace scenes::GIGEMU_ISA {
namespace {

void beside_line(const EdgeRun& run, float* __restrict areas) {
    for (int i = 0; i < run.count; ++i)
        areas[i] = static_cast<float>(area_beyond_edge(run.first + i * run.step, run.across, run.down));
}

/// Over a sample, a circle lies a third as far off its tangent as at the corners.
void outside_circle(const CircleRun& run, float* __restrict areas) {
    for (int i = 0; i < run.count; ++i) {
        const double x = run.x + i * run.step_x, y = run.y + i * run.step_y;
        const double r = __builtin_sqrt(x * x + y * y), per_r = r > 0 ? 1 / r : 0;
        const double out_x = x * per_r, out_y = y * per_r;
        const double across_along = run.across_y * out_x - run.across_x * out_y,
                     down_along = run.down_y * out_x - run.down_x * out_y;
        const double bulge = (across_along * across_along + down_along * down_along) * per_r / 8;
        areas[i] = static_cast<float>(area_beyond_edge(r - run.radius + bulge / 3,
                                                       run.across_x * out_x + run.across_y * out_y,
                                                       run.down_x * out_x + run.down_y * out_y));
    }
}

}  // namespace

const EdgeKernels& edge_kernels() {
    static constexpr EdgeKernels all{beside_line, outside_circle};
    return all;
}

}  // namespace scenes::GIGEMU_ISA
