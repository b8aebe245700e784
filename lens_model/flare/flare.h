#pragma once

#include <span>

#include "lens_model/flare/bright_sources.h"
#include "lens_model/lens.h"

namespace lens_model {

/// Lens flare of bright sources: the diffraction star of the iris, and ghosts. Adds it to `mosaic`, in
/// electrons per second of each pixel of `part` (RGGB).
///
/// Star: of a lamp's light 2 λF/(π² r) comes down beyond a distance r, as of every opening. An iris of
/// straight blades sends it in two directions for each blade. The blades are round where the iris is open and
/// look straighter as it closes: directions spread over ±π/blades · F_open/F. Nearer than some pixels the
/// blur of the lens has it already. Ghosts: `data/ghosts.h`. Light goes on to a ten thousandth of `faint`,
/// the signal from which a source is bright, and ends there.
void add_flare(scenes::light::Mosaic&, scenes::light::Rect part, std::span<const BrightSource>, double faint,
               const std::array<double, 3>& infrared_share, const Constants&, const State&);

}  // namespace lens_model
