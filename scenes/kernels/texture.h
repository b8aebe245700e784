#pragma once

#include "scenes/light/isa.h"

namespace scenes {

/// Places on a straight line over a plane of texels, in rows without gaps. Whole numbers are the middles of
/// texels; what lies beyond the outermost ones is as they are.
struct TexelRun {
    const float* texels;
    int width, height;
    float x, y, step_x, step_y;
    int count;
};

/// Bilinear interpolation between texels.
using Interpolate = void (*)(const TexelRun&, float* light);

GIGEMU_FOR_EACH_ISA(void interpolate(const TexelRun&, float* light);)

}  // namespace scenes
