#include "sensor_model/gain.h"

#include <algorithm>

#include "sensor_model/exact_math.h"

namespace sensor_model {

Gain gain_from_db(const Chip& chip, double gain_db) {
    const double analog_db = std::min(gain_db, chip.analog_gain_db_max);
    return {factor_from_db(analog_db), factor_from_db(gain_db - analog_db)};
}

double adc_gain_dn_per_e(const Chip& chip, const Gain& gain) { return chip.gain_dn_per_e * gain.analog; }

double read_variance_e2(const Chip& chip, const Gain& gain) {
    const double after_e = chip.read_noise_after_gain_e / gain.analog;
    return chip.read_noise_before_gain_e * chip.read_noise_before_gain_e + after_e * after_e;
}

}  // namespace sensor_model
