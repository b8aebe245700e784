#include "lens_model/kernels/shade.h"

namespace lens_model::GIGEMU_ISA {

namespace {

inline float shaded(float light, float gain, float stray) { return (light > 0 ? light : 0) * gain + stray; }

}  // namespace

void shade(const ShadedRow& s, float* __restrict row) {
    int x = 0;
    const auto gain = [&](int at) {
        const float* const left = s.gains + at / kGainStep_px;
        const float share = static_cast<float>(at % kGainStep_px) / kGainStep_px;
        return left[0] + share * (left[1] - left[0]);
    };
    for (; x < s.count && (s.first + x) % kGainStep_px != 0; ++x)
        row[x] = shaded(row[x], gain(s.first + x), s.stray[x & 1]);
    const float* __restrict gains = s.gains + (s.first + x) / kGainStep_px;
    const float even = s.stray[x & 1], odd = s.stray[(x + 1) & 1];
    const int steps = (s.count - x) / kGainStep_px;
    float* __restrict out = row + x;
    for (int step = 0; step < steps; ++step) {
        const float from = gains[step], rise = gains[step + 1] - from;
        for (int i = 0; i < kGainStep_px; ++i) {
            const float share = static_cast<float>(i) / kGainStep_px;
            float& pixel = out[step * kGainStep_px + i];
            pixel = shaded(pixel, from + share * rise, i % 2 == 0 ? even : odd);
        }
    }
    for (x += steps * kGainStep_px; x < s.count; ++x)
        row[x] = shaded(row[x], gain(s.first + x), s.stray[x & 1]);
}

}  // namespace lens_model::GIGEMU_ISA
