#pragma once

#include "sensor_model/chip.h"

namespace sensor_model {

/// How many times as much light of this wavelength reaches the stored charge as at 550 nm. Long waves go
/// deeper into silicon, below what shields the storage; an exponential through the value at 850 nm is
/// assumed.
[[nodiscard]] double relative_pls(const Chip&, double wavelength_nm);

}  // namespace sensor_model
