#include "lens_model/compose/layer_composite.h"

#include "lens_model/compose/blurred_rows.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Layer;
using scenes::light::Radiance;
using scenes::light::Rect;

namespace {

/// A nearer row over what there is.
void lay_over(float* __restrict below, const float* __restrict light, const float* __restrict hidden,
              int count) {
    for (int x = 0; x < count; ++x) below[x] = over(below[x], light[x], hidden[x]);
}

void lay_over(Stack& stack, const Blurred& blurred) {
    const Units& part = blurred.part;
    const int left = part.x - stack.part.x, top = part.y - stack.part.y;
    BlurredRows rows(blurred);
    std::vector<float> light_room, hidden_room;
    const std::vector<float> all(static_cast<std::size_t>(part.width), 1.0F);
    for (int y = 0; y < part.height; ++y) {
        const float* hidden = all.data();
        for (std::size_t c = 0; c < 3; ++c) {
            if (!blurred.opaque() && (c == 0 || !blurred.shares_coverage))
                hidden = rows.row(blurred.coverage[c], y, hidden_room);
            const float* const light = rows.row(blurred.signal[c], y, light_room);
            lay_over(stack.light[c].row(top + y) + left, light, hidden, part.width);
            if (c == 1) lay_over(stack.coverage.row(top + y) + left, hidden, hidden, part.width);
        }
    }
}

}  // namespace

BlurJob job_of_samples(const Radiance& radiance, const Layer& layer, const RasterSamples& part,
                       const Constants& constants, const State& state) {
    BlurJob job{constants, state, source_of(radiance, layer)};
    job.infrared_share = radiance.infrared_share;
    job.diffusion = radiance.diffusion;
    job.part = Units(part);
    job.unit_um = kPixelPitch_um * radiance.pixels_per_sample / radiance.samples_per_pixel;
    job.mosaic = false;
    return job;
}

Stack stacked(const Radiance& radiance, const RasterSamples& part, const Constants& constants,
              const State& state, Quality quality, const TransferSource* transfers) {
    Stack stack{part, {}, Image<float>(part.width, part.height)};
    for (auto& plane : stack.light) plane = Image<float>(part.width, part.height);
    for (const auto& layer : radiance.layers) {
        if (layer.where.empty()) continue;
        BlurJob job = job_of_samples(radiance, layer, part, constants, state);
        job.transfers = transfers;
        const Blurred layer_image = blurred(job, quality);
        if (!layer_image.part.empty()) lay_over(stack, layer_image);
    }
    return stack;
}

}  // namespace lens_model
