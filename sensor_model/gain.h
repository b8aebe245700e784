#pragma once

#include "sensor_model/chip.h"

namespace sensor_model {

/// Gain, divided into an amplifier before the ADC and, above its limit, a digital multiplication of the
/// codes, which leaves gaps in the histogram.
struct Gain {
    double analog = 1, digital = 1;  // factors
};

[[nodiscard]] Gain gain_from_db(const Chip&, double gain_db);

/// Conversion gain (K of EMVA 1288): digital numbers per electron at the ADC.
[[nodiscard]] double adc_gain_dn_per_e(const Chip&, const Gain&);

/// Variance of read noise in squared electrons: what comes before the amplifier stays, what comes after it
/// shrinks.
[[nodiscard]] double read_variance_e2(const Chip&, const Gain&);

}  // namespace sensor_model
