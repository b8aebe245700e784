#pragma once

#include "lens_model/blur/transfer.h"

namespace lens_model {

/// The frequency of half contrast (MTF50) that lens, diffusion and the area of a pixel leave together, in
/// cycles per pixel.
[[nodiscard]] double mtf50(const ColourBlur&);

/// The side of the largest square samples, a power of two, that a Gaussian can turn into a smooth picture
/// with this MTF50.
[[nodiscard]] int sample_px_for(double mtf50_cycles_per_px);

/// The standard deviation along an axis, in samples, of the Gaussian after which samples of this size have
/// this MTF50; not less than half a sample.
[[nodiscard]] double matched_sigma_samples(double mtf50_cycles_per_px, double sample_px);

}  // namespace lens_model
