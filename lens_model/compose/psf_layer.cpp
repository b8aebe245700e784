#include <algorithm>
#include <array>
#include <vector>

#include "lens_model/compose/layer_composite.h"
#include "lens_model/compose/layer_sampler.h"
#include "lens_model/lens.h"
#include "lens_model/optics/vignetting.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Radiance;
using scenes::light::Rect;

namespace {

/// The mean over a pixel about each place of a line, of `count` of them; `at(k)` are the samples from `k`
/// places on. Whole samples count within, halves of the outermost two.
void pixel_mean(float* out, int count, int samples_per_pixel, const auto& at) {
    const auto size = static_cast<float>(samples_per_pixel);
    if (samples_per_pixel == 2) {
        const float *const a = at(0), *const b = at(1), *const c = at(2);
        for (int i = 0; i < count; ++i) out[i] = (0.5F * a[i] + b[i] + 0.5F * c[i]) / size;
        return;
    }
    std::fill_n(out, count, 0.0F);
    for (int k = 0; k <= samples_per_pixel; ++k) {
        const float weight = k == 0 || k == samples_per_pixel ? 0.5F : 1.0F;
        const float* const from = at(k);
        for (int i = 0; i < count; ++i) out[i] += weight * from[i];
    }
    for (int i = 0; i < count; ++i) out[i] /= size;
}

/// `in` is larger than the result by half a pixel on each side.
Image<float> pixel_means(const Image<float>& in, int samples_per_pixel) {
    const int rim = samples_per_pixel / 2 * 2;
    if (rim == 0) return in;
    Image<float> result(in.width - rim, in.height - rim);
    std::vector<float> row(static_cast<std::size_t>(in.width));
    for (int y = 0; y < result.height; ++y) {
        pixel_mean(row.data(), in.width, samples_per_pixel, [&](int k) { return in.row(y + k); });
        pixel_mean(result.row(y), result.width, samples_per_pixel, [&](int k) { return row.data() + k; });
    }
    return result;
}

}  // namespace

PsfLayer spread(const Radiance& radiance, const Constants& constants, const State& state, Quality quality,
                const TransferSource* transfers) {
    const int spp = radiance.samples_per_pixel, rim = spp / 2;
    const RasterSamples wanted = in_samples(radiance, radiance.pixels);
    const Stack stack =
        stacked(radiance, {wanted.x - rim, wanted.y - rim, wanted.width + 2 * rim, wanted.height + 2 * rim},
                constants, state, quality, transfers);

    const double factor = exposure_factor(constants, state), glare = veiling_glare(constants, state);
    const double stray = factor * glare * mean_relative_illumination(constants, state);
    const auto mean = radiance.frame_mean ? *radiance.frame_mean : frame_mean(radiance);
    PsfLayer result{.where = radiance.pixels,
                    .samples_per_pixel = static_cast<double>(spp) / radiance.pixels_per_sample,
                    .light = {},
                    .coverage = {}};
    result.coverage = pixel_means(stack.coverage, spp);
    for (std::size_t c = 0; c < 3; ++c) {
        result.light[c] = pixel_means(stack.light[c], spp);
        const auto gain = static_cast<float>(factor * (1 - glare));
        const auto veil = static_cast<float>(stray * mean[c]);
        for (std::size_t i = 0; i < result.light[c].samples.size(); ++i) {
            float& sample = result.light[c].samples[i];
            sample = sample * gain + veil * result.coverage.samples[i];
        }
    }
    return result;
}

}  // namespace lens_model
