#pragma once

#include <chrono>

namespace protocol {

/// Time since power-up: of the oscillator, or of the camera's clock where the name says so. The wall clock is
/// unknown here.
using Time = std::chrono::nanoseconds;

[[nodiscard]] constexpr double seconds(Time time) { return static_cast<double>(time.count()) * 1e-9; }

}  // namespace protocol
