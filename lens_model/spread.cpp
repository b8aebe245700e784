#include <array>

#include "lens_model/blurred.h"
#include "lens_model/lens.h"
#include "lens_model/vignetting.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Radiance;
using scenes::light::Rect;

namespace {

Rect times(const Rect& r, int factor) {
    return {r.x * factor, r.y * factor, r.width * factor, r.height * factor};
}

/// One value per unit of `whole`, from cells of any size; zero where the layer does not reach.
Image<float> at_units(const Image<float>& plane, const Blurred& blurred, const Rect& whole) {
    const Rect& part = blurred.part;
    Image<float> result(whole.width, whole.height);
    for (int y = 0; y < part.height; ++y) {
        float* const out = result.row(part.y - whole.y + y) + (part.x - whole.x);
        const Between row = between_cells(part.y + y, blurred.pitch, blurred.cells.y);
        for (int x = 0; x < part.width; ++x) {
            const Between column = between_cells(part.x + x, blurred.pitch, blurred.cells.x);
            out[x] = blurred.pitch == 1 ? plane.at(x, y) : interpolated(plane, column, row);
        }
    }
    return result;
}

/// The mean over a pixel about each sample of a row: whole samples within, halves of the outermost two.
void average_row(const float* in, int stride, int count, int samples_per_pixel, float* out) {
    const int reach = samples_per_pixel / 2;
    for (int i = 0; i < count; ++i) {
        float sum = 0;
        for (int k = -reach; k <= reach; ++k) {
            sum += (k == -reach || k == reach ? 0.5F : 1.0F) * in[(i + reach + k) * stride];
        }
        out[i * stride] = sum / static_cast<float>(samples_per_pixel);
    }
}

/// `in` is larger than the result by half a pixel on each side.
Image<float> pixel_means(const Image<float>& in, int samples_per_pixel) {
    const int rim = samples_per_pixel / 2 * 2;
    if (rim == 0) return in;
    Image<float> wide(in.width, in.height - rim);
    for (int x = 0; x < in.width; ++x) {
        average_row(in.row(0) + x, in.width, wide.height, samples_per_pixel, wide.row(0) + x);
    }
    Image<float> result(in.width - rim, wide.height);
    for (int y = 0; y < result.height; ++y) {
        average_row(wide.row(y), 1, result.width, samples_per_pixel, result.row(y));
    }
    return result;
}

/// A nearer layer over what there is.
void lay_over(Image<float>& below, const Image<float>& light, const Image<float>& coverage) {
    for (std::size_t i = 0; i < below.samples.size(); ++i) {
        const float hidden = coverage.samples.empty() ? 1 : coverage.samples[i];
        below.samples[i] = below.samples[i] * (1 - hidden) + light.samples[i];
    }
}

/// Light and coverage of all layers, per sample of `part`.
struct Stack {
    std::array<Image<float>, 3> light;
    Image<float> coverage;
};

void lay_over(Stack& stack, const Blurred& blurred, const Rect& part) {
    if (blurred.part.empty()) return;
    const auto hides = [&](std::size_t c) {
        const std::size_t plane = blurred.shares_coverage ? 0 : c;
        return blurred.opaque() ? Image<float>{} : at_units(blurred.coverage[plane], blurred, part);
    };
    for (std::size_t c = 0; c < 3; ++c) {
        lay_over(stack.light[c], at_units(blurred.signal[c], blurred, part), hides(c));
    }
    const Image<float> green = hides(1);
    lay_over(stack.coverage, green.samples.empty() ? Image<float>(part.width, part.height, 1) : green, green);
}

Stack blurred_layers(const Radiance& radiance, const Constants& constants, const State& state,
                     Quality quality, const Rect& part) {
    const int spp = radiance.samples_per_pixel;
    Stack stack;
    for (auto& plane : stack.light) plane = Image<float>(part.width, part.height);
    stack.coverage = Image<float>(part.width, part.height);
    for (const auto& layer : radiance.layers) {
        if (layer.where.empty()) continue;
        BlurJob job{constants, state, {&layer, times(rendered_px(radiance), spp)}};
        job.infrared_share = radiance.infrared_share;
        job.part = part;
        job.unit_um = kPixelPitch_um / spp;
        job.mosaic = false;
        lay_over(stack,
                 quality == Quality::full ? blur_by_tiles(best_kernels(), job)
                                          : blur_by_gaussians(best_kernels(), job),
                 part);
    }
    return stack;
}

}  // namespace

Spread spread(const Radiance& radiance, const Constants& constants, const State& state, Quality quality) {
    const int spp = radiance.samples_per_pixel, rim = spp / 2;
    const Rect wanted = times(radiance.pixels, spp);
    const Stack stack =
        blurred_layers(radiance, constants, state, quality,
                       {wanted.x - rim, wanted.y - rim, wanted.width + 2 * rim, wanted.height + 2 * rim});

    const double factor = exposure_factor(constants, state), glare = veiling_glare(constants, state);
    const double stray = factor * glare * mean_relative_illumination(constants, state);
    const auto mean = radiance.frame_mean ? *radiance.frame_mean : frame_mean(radiance);
    Spread result{.where = radiance.pixels, .samples_per_pixel = spp, .light = {}, .coverage = {}};
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
