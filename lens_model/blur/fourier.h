#pragma once

#include <vector>

#include "lens_model/kernels/tiles.h"

namespace lens_model {

/// The tables of a discrete Fourier transform of `size` points, a power of two from 16 to 256.
struct Fourier {
    std::vector<float> cosine, sine;
    std::vector<int> place;

    explicit Fourier(int size);
    [[nodiscard]] Transform transform() const;
};

/// Two planes of one allocation.
struct ComplexPlane {
    std::vector<float> re, im;

    explicit ComplexPlane(int size);
    [[nodiscard]] Complex complex() { return {re.data(), im.data()}; }
    void clear();
};

/// Transforms a square both ways, in place; `work` is as large.
void forward(const TileKernels&, const Fourier&, ComplexPlane& tile, ComplexPlane& work);

/// The inverse, not normalised by the number of points.
void backward(const TileKernels&, const Fourier&, ComplexPlane& tile, ComplexPlane& work);

}  // namespace lens_model
