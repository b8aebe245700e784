#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "lens_model/blur/blur.h"
#include "lens_model/blur/blurred.h"
#include "lens_model/blur/transfer.h"
#include "lens_model/compose/blurred_rows.h"
#include "lens_model/compose/composite_row.h"
#include "lens_model/compose/draft.h"
#include "lens_model/compose/layer_composite.h"
#include "lens_model/compose/shading.h"
#include "lens_model/kernels/shade.h"
#include "lens_model/lens.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Layer;
using scenes::light::Mosaic;
using scenes::light::Radiance;
using scenes::light::Rect;
using scenes::light::Sampling;

namespace {

/// RGGB, red at even columns of even rows.
std::size_t channel_at(int x, int y) { return static_cast<std::size_t>((x & 1) + (y & 1)); }

/// Puts a layer before what is behind it; `mosaic` begins at the upper left of `whole`.
void composite(const Blurred& layer, const Rect& whole, Mosaic& mosaic) {
    const Units& part = layer.part;
    BlurredRows rows(layer);
    std::vector<float> signal_room, coverage_room;
    for (int y = 0; y < part.height; ++y) {
        float* const out = mosaic.row(part.y - whole.y + y) + (part.x - whole.x);
        for (int phase = 0; phase < 2; ++phase) {
            const std::size_t channel = channel_at(part.x + phase, part.y + y);
            const float* const signal = rows.row(layer.signal[channel], y, signal_room);
            if (layer.opaque()) {
                for (int x = phase; x < part.width; x += 2) out[x] = over(out[x], signal[x], 1);
                continue;
            }
            const auto& plane = layer.coverage[layer.shares_coverage ? 0 : channel];
            const float* const coverage = rows.row(plane, y, coverage_room);
            for (int x = phase; x < part.width; x += 2) out[x] = over(out[x], signal[x], coverage[x]);
        }
    }
}

void expose(const Shading& shading, const Rect& part, Mosaic& mosaic) {
    static const auto& shade_row = GIGEMU_KERNEL(scenes::light::best_isa(), shade);
    const int left = floor_divide(part.x, kGainStep_px) * kGainStep_px;
    std::vector<float> gains(static_cast<std::size_t>((part.x + part.width - left) / kGainStep_px + 2));
    for (int y = 0; y < part.height; ++y) {
        for (std::size_t i = 0; i < gains.size(); ++i)
            gains[i] = shading.gain(static_cast<float>(left + static_cast<int>(i) * kGainStep_px) + 0.5F,
                                    static_cast<float>(part.y + y) + 0.5F);
        // A Fourier transform rounds darkness to either side of zero: less than nothing is nothing.
        shade_row({gains.data(),
                   part.x - left,
                   part.width,
                   {shading.stray(channel_at(part.x, part.y + y)),
                    shading.stray(channel_at(part.x + 1, part.y + y))}},
                  mosaic.row(y));
    }
}

}  // namespace

int margin_px(const Constants& constants, const State& state, double distance_m,
              const scenes::light::Diffusion& diffusion) {
    double reach = 0;
    for (const auto& colour : colour_blurs(constants, state, distance_m, 1, {}, diffusion))
        reach = std::max({reach, reach_um(colour.visible), reach_um(colour.infrared)});
    constexpr double kFarthest_px = 1e7;  // 30 m of a sensor
    return static_cast<int>(std::min(kFarthest_px, std::ceil(reach / kPixelPitch_um))) + 1;
}

Sampling sampling(const Radiance& wanted, double distance_m, const Constants& constants, const State& state,
                  Quality quality) {
    if (quality == Quality::coarse) return sampling_for_draft(wanted, distance_m, constants, state);
    Layer layer;
    layer.distance_m = distance_m;
    return sampling_for_tiles({constants, state, source_of(wanted, layer), wanted.samples_per_pixel,
                               wanted.infrared_share, wanted.diffusion, Units(wanted.pixels)});
}

int tile_px(const Radiance& wanted, double distance_m, const Constants& constants, const State& state) {
    Layer layer;
    layer.distance_m = distance_m;
    return tile_units({constants, state, source_of(wanted, layer), wanted.samples_per_pixel,
                       wanted.infrared_share, wanted.diffusion, Units(wanted.pixels)});
}

std::array<double, 3> frame_mean(const Radiance& radiance) {
    // Of so many samples a mean needs no more.
    const int stride = std::max(1, 8 / radiance.pixels_per_sample);
    const RasterSamples frame = in_samples(radiance, radiance.pixels);
    const auto width = static_cast<std::size_t>(frame.width), step = static_cast<std::size_t>(stride);
    CompositeRow seen(radiance, frame.width, stride);
    std::array<std::vector<double>, 3> sums;
    for (auto& of_colour : sums) of_colour.resize(width);
    int rows = 0;
    for (int y = frame.y; y < frame.y + frame.height; y += stride, ++rows) {
        seen.look(frame.x, y);
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t x = 0; x < width; x += step) sums[c][x] += seen.light[c][x];
    }
    std::array<double, 3> mean{};
    const std::size_t columns = (width + step - 1) / step;
    const double count = std::max(1.0, static_cast<double>(rows) * static_cast<double>(columns));
    for (std::size_t c = 0; c < 3; ++c)
        mean[c] = std::accumulate(sums[c].begin(), sums[c].end(), 0.0) / count;
    return mean;
}

void image_into(Mosaic& mosaic, const Radiance& radiance, Rect part, const Constants& constants,
                const State& state, Quality quality, const TransferSource* transfers) {
    if (mosaic.width != part.width || mosaic.height != part.height) mosaic = Mosaic(part.width, part.height);
    const int spp = radiance.samples_per_pixel;
    assert(spp == 1 || spp == 2 || spp == 4);
    std::fill(mosaic.samples.begin(), mosaic.samples.end(), 0.0F);
    for (const auto& layer : radiance.layers) {
        if (layer.where.empty()) continue;
        if (quality == Quality::coarse) {
            draft_over(mosaic, part, radiance, layer, constants, state);
            continue;
        }
        BlurJob job{constants,          state,      source_of(radiance, layer), spp, radiance.infrared_share,
                    radiance.diffusion, Units(part)};
        job.transfers = transfers;
        composite(blurred(job, Quality::full), part, mosaic);
    }
    const auto mean = radiance.frame_mean ? *radiance.frame_mean : frame_mean(radiance);
    expose(Shading(constants, state, mean), part, mosaic);
}

Mosaic image(const Radiance& radiance, Rect part, const Constants& constants, const State& state,
             Quality quality, const TransferSource* transfers) {
    Mosaic mosaic;
    image_into(mosaic, radiance, part, constants, state, quality, transfers);
    return mosaic;
}

Mosaic image(const Radiance& radiance, const Constants& constants, const State& state, Quality quality,
             const TransferSource* transfers) {
    return image(radiance, radiance.pixels, constants, state, quality, transfers);
}

}  // namespace lens_model
