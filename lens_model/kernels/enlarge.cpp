#include "lens_model/kernels/enlarge.h"

namespace lens_model::GIGEMU_ISA {

namespace {

/// The N pixels of each sample lie half to its left neighbour, half to its right one.
template <int N>
void widen(const float* __restrict even, const float* __restrict odd, int samples, float* __restrict pixels) {
    for (int i = 0; i < samples; ++i) {
        for (int j = 0; j < N; ++j) {
            const float* from = (j % 2 == 0 ? even : odd) + i + (j < N / 2 ? 0 : 1);
            const float share = static_cast<float>(2 * j + 1 + (j < N / 2 ? N : -N)) / (2 * N);
            pixels[N * i + j] = from[0] * (1 - share) + from[1] * share;
        }
    }
}

}  // namespace

void enlarge_row(const Enlargement& e, float* work, float* pixels) {
    const int count = e.samples + 2;
    for (int colour = 0; colour < 2; ++colour) {
        const float* __restrict upper = e.upper[colour];
        const float* __restrict lower = e.lower[colour];
        float* __restrict row = work + colour * count;
        for (int x = 0; x < count; ++x) row[x] = upper[x] * (1 - e.share) + lower[x] * e.share;
    }
    if (e.factor == 2) widen<2>(work, work + count, e.samples, pixels);
    if (e.factor == 4) widen<4>(work, work + count, e.samples, pixels);
    if (e.factor == 8) widen<8>(work, work + count, e.samples, pixels);
}

}  // namespace lens_model::GIGEMU_ISA
