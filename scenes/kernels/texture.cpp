#include "scenes/kernels/texture.h"

namespace scenes::GIGEMU_ISA {
namespace {

inline float clamped(float v, float high) { return v < 0 ? 0 : v > high ? high : v; }

/// Between four texels.
inline float between(const float* texels, int upper, int lower, int to_right, float fx, float fy) {
    const float above = texels[upper] + fx * (texels[upper + to_right] - texels[upper]);
    const float below = texels[lower] + fx * (texels[lower + to_right] - texels[lower]);
    return above + fy * (below - above);
}

template <int Planes>
void interpolate(const TexelRun& run, float* const light[]) {
    const float* __restrict first = run.texels[0];
    const float* __restrict second = run.texels[Planes > 1 ? 1 : 0];
    const float* __restrict third = run.texels[Planes > 1 ? 2 : 0];
    float* __restrict to_first = light[0];
    float* __restrict to_second = light[Planes > 1 ? 1 : 0];
    float* __restrict to_third = light[Planes > 1 ? 2 : 0];
    const auto right = static_cast<float>(run.width - 1), bottom = static_cast<float>(run.height - 1);
    for (int i = 0; i < run.count; ++i) {
        const float x = clamped(run.x + static_cast<float>(i) * run.step_x, right);
        const float y = clamped(run.y + static_cast<float>(i) * run.step_y, bottom);
        const int left = static_cast<int>(x), top = static_cast<int>(y);
        const int to_right = left + 1 < run.width ? 1 : 0;
        const int upper = top * run.width + left, lower = upper + (top + 1 < run.height ? run.width : 0);
        const float fx = x - static_cast<float>(left), fy = y - static_cast<float>(top);
        to_first[i] = between(first, upper, lower, to_right, fx, fy);
        if (Planes == 1) continue;
        to_second[i] = between(second, upper, lower, to_right, fx, fy);
        to_third[i] = between(third, upper, lower, to_right, fx, fy);
    }
}

}  // namespace

void interpolate(const TexelRun& run, float* const light[]) {
    if (run.planes == 1) return interpolate<1>(run, light);
    interpolate<3>(run, light);
}

}  // namespace scenes::GIGEMU_ISA
