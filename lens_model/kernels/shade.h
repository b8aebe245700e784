#pragma once

#include "scenes/light/isa.h"

namespace lens_model {

inline constexpr int kGainStep_px = 8;

/// A row of pixels, exposed: each is multiplied by a gain, that of `gains` at every eighth pixel and straight
/// between, and stray light is added, of the colour of even pixels and of odd ones.
struct ShadedRow {
    const float* gains = nullptr;
    int first = 0;  // the row's first pixel, counted from that of the first gain
    int count = 0;
    float stray[2] = {0, 0};
};

GIGEMU_FOR_EACH_ISA(void shade(const ShadedRow&, float* row);)

}  // namespace lens_model
