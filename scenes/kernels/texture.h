#pragma once

#include "scenes/light/isa.h"

namespace scenes {

/// Places on a straight line over one or three planes of texels, in rows without gaps. Whole numbers are the
/// middles of texels; what lies beyond the outermost ones is as they are.
struct TexelRun {
    const float* texels[3];
    int planes, width, height;
    float x, y, step_x, step_y;
    int count;
};

/// Bilinear interpolation between texels, of each plane.
using Interpolate = void (*)(const TexelRun&, float* const light[]);

GIGEMU_FOR_EACH_ISA(void interpolate(const TexelRun&, float* const light[]);)

}  // namespace scenes
