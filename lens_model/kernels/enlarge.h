#pragma once

#include "scenes/light/isa.h"

namespace lens_model {

/// A row of the mosaic between two rows of samples that are `factor` (2, 4 or 8) pixels wide. The first and
/// the last sample of a row lie beside the picture.
struct Enlargement {
    const float* upper[2];  // of the colour of even pixels, and of odd ones
    const float* lower[2];
    float share = 0;  // of the lower row
    int samples = 0;  // that become pixels
    int factor = 2;
};

/// Makes `samples` · `factor` pixels, straight from the centre of one sample to that of the next; `work` has
/// room for two rows of samples.
using EnlargeRow = void (*)(const Enlargement&, float* work, float* pixels);

GIGEMU_FOR_EACH_ISA(void enlarge_row(const Enlargement&, float* work, float* pixels);)

}  // namespace lens_model
