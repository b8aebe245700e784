#pragma once

#include "sensor_model/chip.h"

namespace sensor_model {

/// Factor of the dark current over that at the reference temperature; it doubles every `dark_doubling_k`.
[[nodiscard]] double dark_factor(const Chip&, double temperature_c);

}  // namespace sensor_model
