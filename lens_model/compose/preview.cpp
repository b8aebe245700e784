#include <algorithm>
#include <cassert>

#include "lens_model/blur/blurred.h"
#include "lens_model/compose/layer_composite.h"
#include "lens_model/compose/layer_sampler.h"
#include "lens_model/compose/shading.h"
#include "lens_model/kernels/enlarge.h"
#include "scenes/light/isa.h"

namespace lens_model {

using scenes::light::Mosaic;
using scenes::light::Radiance;
using scenes::light::Rect;

namespace {

/// Falloff is smooth, so samples are exposed instead of pixels.
void expose(const Shading& shading, int factor, Stack& stack) {
    const auto centre_px = [factor](int sample) {
        return (static_cast<float>(sample) + 0.5F) * static_cast<float>(factor);
    };
    for (int y = 0; y < stack.part.height; ++y) {
        float* rows[3];
        for (std::size_t c = 0; c < 3; ++c) rows[c] = stack.light[c].row(y);
        for (int x = 0; x < stack.part.width; ++x) {
            const float gain = shading.gain(centre_px(stack.part.x + x), centre_px(stack.part.y + y));
            for (std::size_t c = 0; c < 3; ++c) rows[c][x] = rows[c][x] * gain + shading.stray(c);
        }
    }
}

/// `stack` is one sample larger on each side than what holds `part`.
void enlarge(const Stack& stack, int factor, const Rect& part, Mosaic& mosaic) {
    static const EnlargeRow enlarge_row = GIGEMU_KERNEL(scenes::light::best_isa(), enlarge_row);
    Enlargement row;
    row.factor = factor, row.samples = stack.part.width - 2;
    std::vector<float> work(2 * static_cast<std::size_t>(stack.part.width));
    std::vector<float> pixels(static_cast<std::size_t>(row.samples * factor));
    const auto left = part.x - (stack.part.x + 1) * factor;
    for (int y = 0; y < part.height; ++y) {
        const Between between = between_cells(part.y + y, factor, stack.part.y);
        row.share = between.share;
        for (std::size_t odd = 0; odd < 2; ++odd) {
            const auto& plane = stack.light[static_cast<std::size_t>((part.y + y) & 1) + odd];
            row.upper[odd] = plane.row(between.below);
            row.lower[odd] = plane.row(between.below + 1);
        }
        enlarge_row(row, work.data(), pixels.data());
        std::copy_n(pixels.data() + left, part.width, mosaic.row(y));
    }
}

}  // namespace

RasterSamples draft_samples(const Radiance& radiance, Rect part) {
    const RasterSamples samples = in_samples(radiance, part);
    return {samples.x - 1, samples.y - 1, samples.width + 2, samples.height + 2};
}

void draft_into(Mosaic& mosaic, const Radiance& radiance, Rect part, const Constants& constants,
                const State& state) {
    const int factor = radiance.pixels_per_sample;
    assert(radiance.samples_per_pixel == 1 && (factor == 2 || factor == 4 || factor == 8));
    Stack stack = stacked(radiance, draft_samples(radiance, part), constants, state, Quality::coarse);
    const auto mean = radiance.frame_mean ? *radiance.frame_mean : frame_mean(radiance);
    expose(Shading(constants, state, mean), factor, stack);
    enlarge(stack, factor, part, mosaic);
}

}  // namespace lens_model
