#pragma once

#include "lens_model/lens.h"

namespace lens_model {

/// How a layer at this distance is drawn for a draft: in samples as large as its blur allows.
[[nodiscard]] scenes::light::Sampling sampling_for_draft(const scenes::light::Radiance& wanted,
                                                         double distance_m, const Constants&, const State&);

/// Puts a layer before what is behind it, each pixel a Gaussian mean of the samples around the place where
/// its colour sees it. The layer is drawn as green sees it; `mosaic` begins at the upper left of `part`.
void draft_over(scenes::light::Mosaic& mosaic, const scenes::light::Rect& part,
                const scenes::light::Radiance&, const scenes::light::Layer&, const Constants&, const State&);

}  // namespace lens_model
