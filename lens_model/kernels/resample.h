#pragma once

#include "scenes/light/isa.h"

namespace lens_model {

inline constexpr int kTapsMost = 16;

/// Weighted means of `taps` samples (6, 8, 12 or 16), along one axis after the other.
struct ResampleKernels {
    /// Of samples in a column: out[x] = Σ weight[t] · rows[t][x].
    void (*of_rows)(int taps, const float* const* rows, const float* weight, int width, float* out);
    /// Of neighbours in a row: out[i] = Σ weight[t · count + i] · row[first[i] + t]. `stride`, 1 or 2, is how
    /// far the first ones are apart if that is the same for all, else 0.
    void (*of_columns)(int taps, const float* row, const int* first, int stride, const float* weight,
                       int count, float* out);
    /// Lays pixels of two colours that take turns over a row: `light` and `hidden` of the even pixels, then
    /// of the odd ones, `pairs` each.
    void (*lay_over)(const float* const light[2], const float* const hidden[2], int pairs, float* row);
};

GIGEMU_FOR_EACH_ISA(const ResampleKernels& resample_kernels();)

}  // namespace lens_model
