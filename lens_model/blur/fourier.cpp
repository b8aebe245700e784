#include "lens_model/blur/fourier.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace lens_model {

namespace {

/// Butterflies of four leave frequency k = r + 4k' in quarter r, and so on inside it; a last one of two
/// likewise.
int place_of(int frequency, int block) {
    if (block == 1) return 0;
    const int parts = block >= 4 ? 4 : 2;
    return (frequency % parts) * (block / parts) + place_of(frequency / parts, block / parts);
}

}  // namespace

Fourier::Fourier(int size) {
    assert(size >= 16 && size <= 256 && (size & (size - 1)) == 0);
    for (int j = 0; j < size; ++j) {
        const double angle = 2 * std::numbers::pi * j / size;
        cosine.push_back(static_cast<float>(std::cos(angle)));
        sine.push_back(static_cast<float>(std::sin(angle)));
        place.push_back(place_of(j, size));
    }
}

Transform Fourier::transform() const {
    return {static_cast<int>(place.size()), cosine.data(), sine.data(), place.data()};
}

ComplexPlane::ComplexPlane(int size)
    : re(static_cast<std::size_t>(size) * static_cast<std::size_t>(size)), im(re.size()) {}

void ComplexPlane::clear() {
    std::fill(re.begin(), re.end(), 0.0F);
    std::fill(im.begin(), im.end(), 0.0F);
}

void forward(const TileKernels& kernels, const Fourier& fourier, ComplexPlane& tile, ComplexPlane& work) {
    kernels.columns(fourier.transform(), tile.complex(), work.complex());
    kernels.columns(fourier.transform(), work.complex(), tile.complex());
}

/// Exchanging real and imaginary parts before and after makes a forward transform one back.
void backward(const TileKernels& kernels, const Fourier& fourier, ComplexPlane& tile, ComplexPlane& work) {
    const Complex swapped{tile.im.data(), tile.re.data()};
    kernels.columns(fourier.transform(), swapped, work.complex());
    kernels.columns(fourier.transform(), work.complex(), swapped);
}

}  // namespace lens_model
