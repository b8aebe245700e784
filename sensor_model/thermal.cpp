#include "sensor_model/thermal.h"

#include "sensor_model/exact_math.h"

namespace sensor_model {

double above_housing_k(const Chip& chip, const Warmth& before, std::chrono::nanoseconds elapsed) {
    const double elapsed_s = std::chrono::duration<double>(elapsed).count();
    const double goal_k = before.powered ? chip.self_heating_k : 0;
    return goal_k + (before.above_housing_k - goal_k) * exact_exp(-elapsed_s / chip.thermal_time_constant_s);
}

double temperature_c(const Chip& chip, double housing_c, std::chrono::nanoseconds powered_for) {
    return housing_c + above_housing_k(chip, {chip.warm_at_power_up * chip.self_heating_k}, powered_for);
}

}  // namespace sensor_model
