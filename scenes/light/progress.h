#pragma once

#include <chrono>
#include <cstdint>

namespace scenes::light {

/// Phase of a steady motion: whole steps, and the rest of one.
struct Progress {
    std::int64_t steps = 0;
    double rest = 0;  // 0 <= rest < step, but for rounding
};

/// A clock may count from 1970, and a frame is compared with the next to the nanosecond: the product of
/// `rate_per_s` and the time is divided by `step` without losing digits.
[[nodiscard]] Progress progress(double rate_per_s, std::chrono::nanoseconds time, double step = 1);

}  // namespace scenes::light
