#pragma once

#include "scenes/light/isa.h"

namespace scenes {

inline constexpr int kSmearMax = 32;  // pixels in a run

/// A run of pixels of one colour in a row of the frame, and the way that the thing goes over each of them.
/// Places are in samples of the motion sums, along its sums (`a` where the way begins, `b` where it ends) and
/// across them.
struct Smear {
    const float* sums;  // pairs of light and coverage, summed along each line
    int length, lines;  // samples along and across, both with a rim of nothing: two lines of it at the end
    float a, a_step, b, b_step;  // along, at the first pixel and per pixel
    float across, across_step;
    float weight;  // of this way in the exposure
    int count;
};

/// Adds the mean along the way to every second place of `light` and `coverage`.
using SmearRun = void (*)(const Smear&, float* light, float* coverage);

GIGEMU_FOR_EACH_ISA(void smear_run(const Smear&, float* light, float* coverage);)

}  // namespace scenes
