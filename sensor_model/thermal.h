#pragma once

#include <chrono>

#include "sensor_model/chip.h"

namespace sensor_model {

/// Excess temperature of the chip over the housing at a time, and whether it was powered from then on.
struct Warmth {
    double above_housing_k = 0;
    bool powered = true;
};

/// Excess temperature after this time: a first-order lag towards self-heating while powered, towards zero
/// while not.
[[nodiscard]] double above_housing_k(const Chip&, const Warmth& before, std::chrono::nanoseconds elapsed);

/// The temperature of a chip this long after power-up, when it had `warm_at_power_up` of its self-heating.
[[nodiscard]] double temperature_c(const Chip&, double housing_c, std::chrono::nanoseconds powered_for);

}  // namespace sensor_model
