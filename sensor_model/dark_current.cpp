#include "sensor_model/dark_current.h"

#include "sensor_model/exact_math.h"

namespace sensor_model {

double dark_factor(const Chip& chip, double temperature_c) {
    return exact_exp((temperature_c - chip.dark_reference_c) / chip.dark_doubling_k * 0.6931471805599453);
}

double dark_current_e_s(const Chip& chip, double temperature_c) {
    return chip.dark_current_e_s * dark_factor(chip, temperature_c);
}

}  // namespace sensor_model
