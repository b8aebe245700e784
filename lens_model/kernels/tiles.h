#pragma once

#include "scenes/light/isa.h"

/// The loops that blur. This header and the source beside it include no library code, because the source is
/// compiled for several instruction sets. Every loop treats its elements alike and apart, so all of them give
/// the same bits.
namespace lens_model {

/// A plane of complex numbers, rows without gaps.
struct Complex {
    float* re = nullptr;
    float* im = nullptr;
};

/// A discrete Fourier transform of a power of two, 16 .. 256.
struct Transform {
    int size = 0;
    const float* cosine = nullptr;  // of 2π j / size
    const float* sine = nullptr;
    const int* place = nullptr;  // where frequency k is after the butterflies
};

/// Transfer functions of a tile of `size`² samples: rows 0 .. size/2, the others are their mirror.
struct Transfer {
    int size = 0, folds = 1;          // samples per output cell, along each axis
    const float* half_sum = nullptr;  // (red + blue) / 2
    const float* half_difference = nullptr;
    const float* green = nullptr;
    const float* box_re = nullptr;  // averaging `folds` samples, one value per frequency
    const float* box_im = nullptr;
};

struct TileKernels {
    /// Transforms each column and writes it as a row: twice, and the whole tile is transformed. `in` and
    /// `out` differ.
    void (*columns)(const Transform&, Complex in, Complex out);
    /// Filters a transformed pair red + i blue, averages `folds`² samples and adds the result to `out`, which
    /// has size / folds rows and columns.
    void (*filter_red_blue)(const Transfer&, Complex in, Complex out);
    /// The same for a pair green + i coverage; both parts are filtered as green is.
    void (*filter_green)(const Transfer&, Complex in, Complex out);
    /// Out of the same pair, coverage filtered as red is + i coverage filtered as blue is.
    void (*filter_coverage)(const Transfer&, Complex in, Complex out);
    /// out[x] = Σ weight[t] · rows[t][x], and then along the row: `width` + taps - 1 elements become `width`.
    void (*smooth)(const float* const* rows, const float* weight, int taps, int width, float* work,
                   float* out);
};

GIGEMU_FOR_EACH_ISA(const TileKernels& kernels();)

}  // namespace lens_model
