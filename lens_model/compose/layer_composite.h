#pragma once

#include "lens_model/blur/blurred.h"
#include "lens_model/lens.h"

namespace lens_model {

/// Alpha-over: a nearer layer (premultiplied light, and the share that it hides) over what is below.
[[nodiscard]] inline float over(float below, float light, float hidden) {
    return below * (1 - hidden) + light;
}

/// All layers after the lens, one over the other: light of every colour at every sample of `part`, before
/// exposure, and how much green hides of what is behind them all.
struct Stack {
    RasterSamples part;
    std::array<scenes::light::Image<float>, 3> light;
    scenes::light::Image<float> coverage;
};

[[nodiscard]] Stack stacked(const scenes::light::Radiance&, const RasterSamples& part, const Constants&,
                            const State&, Quality, const TransferSource* = nullptr);

/// The blur of one of its layers, with samples of the raster as units.
[[nodiscard]] BlurJob job_of_samples(const scenes::light::Radiance&, const scenes::light::Layer&,
                                     const RasterSamples& part, const Constants&, const State&);

}  // namespace lens_model
