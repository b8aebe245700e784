#include "sensor_model/dark_current.h"

#include "sensor_model/exact_math.h"

namespace sensor_model {

double dark_factor(const Chip& chip, double temperature_c) {
    return exact_exp((temperature_c - chip.dark_reference_c) / chip.dark_doubling_k * 0.6931471805599453);
}

}  // namespace sensor_model
