#pragma once

#include "scenes/raster/raster.h"
#include "scenes/seen.h"

namespace scenes {

/// Darkens a layer that covers the whole map where directions do not meet the plane: each sample by the share
/// of its area, for each colour at its own place.
void cut_at_horizon(light::Layer&, const TangentMap&, const Horizon&);

}  // namespace scenes
