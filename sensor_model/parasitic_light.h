#pragma once

#include "sensor_model/chip.h"

namespace sensor_model {

/// Parasitic light sensitivity (PLS) relative to 550 nm: share of light of this wavelength that reaches the
/// stored charge. Long waves penetrate deeper into silicon, below the light shield of the storage node; an
/// exponential through the value at 850 nm is assumed.
[[nodiscard]] double relative_pls(const Chip&, double wavelength_nm);

}  // namespace sensor_model
