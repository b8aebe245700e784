#pragma once

#include <algorithm>
#include <chrono>

#include "emulator/sim/oscillator.h"

namespace emulator::sim {

/// Host clock: the reading of the camera's oscillator by the host's steady clock. Copies agree, on any
/// thread.
class HostClock {
  public:
    using Clock = std::chrono::steady_clock;

    /// Zero is the time of construction: power-up.
    explicit HostClock(const OscillatorSettings& settings) : oscillator_(settings), power_up_(Clock::now()) {}

    [[nodiscard]] Time now() const { return at(Clock::now()); }
    [[nodiscard]] Time at(Clock::time_point host) const { return oscillator_.at(host - power_up_); }
    [[nodiscard]] Clock::time_point host_at(Time oscillator) const {
        return power_up_ + oscillator_.host_at(std::min(oscillator, kFar));
    }

  private:
    /// What is planned for later is not waited for to the nanosecond: the host's clock ends before the
    /// camera's.
    static constexpr Time kFar = std::chrono::years(100);

    Oscillator oscillator_;
    Clock::time_point power_up_;
};

}  // namespace emulator::sim
