#include "lens_model/kernels/resample.h"

namespace lens_model::GIGEMU_ISA {

namespace {

template <int Taps>
void of_rows(const float* const* rows, const float* weight, int width, float* __restrict out) {
    const float* r[Taps];
    float w[Taps];
    for (int t = 0; t < Taps; ++t) r[t] = rows[t], w[t] = weight[t];
    for (int x = 0; x < width; ++x) {
        float even = 0, odd = 0;
        for (int t = 0; t < Taps; t += 2) even += w[t] * r[t][x], odd += w[t + 1] * r[t + 1][x];
        out[x] = even + odd;
    }
}

template <int Taps, int Stride>
void of_columns(const float* __restrict row, const int* __restrict first, const float* __restrict weight,
                int count, float* __restrict out) {
    const float* __restrict from = row + first[0];
    for (int i = 0; i < count; ++i) {
        const float* const near = Stride > 0 ? from + Stride * i : row + first[i];
        float even = 0, odd = 0;
        for (int t = 0; t < Taps; t += 2)
            even += weight[t * count + i] * near[t], odd += weight[(t + 1) * count + i] * near[t + 1];
        out[i] = even + odd;
    }
}

void of_rows(int taps, const float* const* rows, const float* weight, int width, float* out) {
    if (taps <= 6) return of_rows<6>(rows, weight, width, out);
    if (taps <= 8) return of_rows<8>(rows, weight, width, out);
    if (taps <= 12) return of_rows<12>(rows, weight, width, out);
    of_rows<16>(rows, weight, width, out);
}

template <int Stride>
void of_columns(int taps, const float* row, const int* first, const float* weight, int count, float* out) {
    if (taps <= 6) return of_columns<6, Stride>(row, first, weight, count, out);
    if (taps <= 8) return of_columns<8, Stride>(row, first, weight, count, out);
    if (taps <= 12) return of_columns<12, Stride>(row, first, weight, count, out);
    of_columns<16, Stride>(row, first, weight, count, out);
}

void of_columns(int taps, const float* row, const int* first, int stride, const float* weight, int count,
                float* out) {
    if (stride == 1) return of_columns<1>(taps, row, first, weight, count, out);
    if (stride == 2) return of_columns<2>(taps, row, first, weight, count, out);
    of_columns<0>(taps, row, first, weight, count, out);
}

void lay_over(const float* const light[2], const float* const hidden[2], int pairs, float* __restrict row) {
    const float* __restrict even = light[0];
    const float* __restrict odd = light[1];
    const float* __restrict even_hidden = hidden[0];
    const float* __restrict odd_hidden = hidden[1];
    for (int i = 0; i < pairs; ++i) {
        row[2 * i] = row[2 * i] * (1 - even_hidden[i]) + even[i];
        row[2 * i + 1] = row[2 * i + 1] * (1 - odd_hidden[i]) + odd[i];
    }
}

}  // namespace

const ResampleKernels& resample_kernels() {
    static constexpr ResampleKernels all{of_rows, of_columns, lay_over};
    return all;
}

}  // namespace lens_model::GIGEMU_ISA
