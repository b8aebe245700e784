#pragma once

namespace sensor_model {

/// e to the x, equal to the last bit on every machine, unlike std::exp. Exact to a few units of the last
/// place; 0 far below, infinite far above.
[[nodiscard]] double exact_exp(double x);

/// The natural logarithm of a positive number, exact to a few units of the last place, and likewise the same
/// everywhere.
[[nodiscard]] double exact_log(double x);

/// The factor that a number of decibels stands for: 10^(db/20).
[[nodiscard]] double factor_from_db(double db);

}  // namespace sensor_model
