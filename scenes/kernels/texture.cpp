#include "scenes/kernels/texture.h"

namespace scenes::GIGEMU_ISA {
namespace {

inline float clamped(float v, float high) { return v < 0 ? 0 : v > high ? high : v; }

}  // namespace

void interpolate(const TexelRun& run, float* __restrict light) {
    const float* __restrict texels = run.texels;
    const auto right = static_cast<float>(run.width - 1), bottom = static_cast<float>(run.height - 1);
    for (int i = 0; i < run.count; ++i) {
        const float x = clamped(run.x + static_cast<float>(i) * run.step_x, right);
        const float y = clamped(run.y + static_cast<float>(i) * run.step_y, bottom);
        const int left = static_cast<int>(x), top = static_cast<int>(y);
        const int to_right = left + 1 < run.width ? 1 : 0;
        const int upper = top * run.width + left, lower = upper + (top + 1 < run.height ? run.width : 0);
        const float fx = x - static_cast<float>(left), fy = y - static_cast<float>(top);
        const float above = texels[upper] + fx * (texels[upper + to_right] - texels[upper]);
        const float below = texels[lower] + fx * (texels[lower + to_right] - texels[lower]);
        light[i] = above + fy * (below - above);
    }
}

}  // namespace scenes::GIGEMU_ISA
