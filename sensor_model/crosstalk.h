#pragma once

#include <array>

#include "scenes/light/image.h"
#include "scenes/light/isa.h"
#include "scenes/light/radiance.h"
#include "sensor_model/chip.h"

namespace sensor_model {

/// Crosstalk: the part of its light that a photosite of each colour (R, G, B) gives to each of its four
/// neighbours.
using Crosstalk = std::array<double, 3>;

/// Of light of which so much, for each colour, lies beyond 700 nm.
[[nodiscard]] Crosstalk crosstalk(const Chip&, const std::array<double, 3>& infrared_share);

/// Charge diffusion: standard deviation of the distance to the photosite that collects it.
[[nodiscard]] scenes::light::Diffusion diffusion(const Chip&);

/// Electrons per photon that photosites (R, G, B) would collect if they had no neighbours.
///
/// Published efficiencies are measured in even light and have crosstalk in them; this is what makes them,
/// once crosstalk has been added. Where a colour's published value is less than what its neighbours give it
/// (R at 495 to 560 nm, B at 555 to 620 nm), it is a little below zero, by at most 0.02.
[[nodiscard]] std::array<double, 3> efficiency_without_crosstalk(const Chip&, double wavelength_nm);

/// Electrons that the photosites of `inner` hold, out of those that each would collect alone: `alone` begins
/// at the upper left of `whole`, which holds `inner`. Beyond the border of `whole` its outermost photosites
/// are mirrored, so that neighbours have the right colour. Never less than 0. Applied to the mean signal, so
/// its noise stays uncorrelated between pixels: a Poisson stream that is split at random stays Poisson.
void exchange(const scenes::light::Mosaic& alone, scenes::light::Rect whole, const Crosstalk&,
              scenes::light::Mosaic& held, scenes::light::Rect inner,
              scenes::light::Isa = scenes::light::best_isa());

}  // namespace sensor_model
