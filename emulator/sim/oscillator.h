#pragma once

#include <array>
#include <cstdint>

#include "protocol/time.h"

namespace emulator::sim {

using protocol::Time;

/// Frequency error of the camera's oscillator: offset, drift and wander.
struct OscillatorSettings {
    Time offset{};          // what the camera's clock reads at power-up
    double drift_ppm = 10;  // assumed: a crystal without compensation is within 50 ppm
    double wander_ppb = 5;  // root mean square of the frequency's slow changes; assumed
    std::int64_t seed = 1;  // of the wander
};

/// The camera's oscillator against the host's: both count nanoseconds since power-up, at rates of their own.
/// A function of the host's time and the settings alone, strictly increasing.
class Oscillator {
  public:
    explicit Oscillator(const OscillatorSettings& = {.drift_ppm = 0, .wander_ppb = 0});

    [[nodiscard]] Time at(Time host) const { return host + ahead(host); }
    /// The first host time at which it reads this time or later.
    [[nodiscard]] Time host_at(Time oscillator) const;

  private:
    /// One of the waves that make up the wander.
    struct Wave {
        double amplitude_ns = 0, radians_per_s = 0, phase = 0;
    };
    [[nodiscard]] Time ahead(Time host) const;

    double drift_ppm_;
    std::array<Wave, 8> waves_{};
    double wander_at_power_up_ns_ = 0;
};

}  // namespace emulator::sim
