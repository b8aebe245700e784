#include "emulator/sim/oscillator.h"

#include <cmath>
#include <numbers>

#include "scenes/light/random.h"

namespace emulator::sim {
namespace {

constexpr double kShortestPeriod_s = 16;

}  // namespace

// The frequency of a crystal flickers: every octave of periods has the same part in its wander, here from 16
// s to 34 minutes.
Oscillator::Oscillator(const OscillatorSettings& settings) : drift_ppm_(settings.drift_ppm) {
    const double frequency_part =
        settings.wander_ppb * 1e-9 * std::sqrt(2.0 / static_cast<double>(waves_.size()));
    double period_s = kShortestPeriod_s;
    for (std::uint64_t octave = 0; octave < waves_.size(); ++octave, period_s *= 2) {
        const auto bits = scenes::light::hash(static_cast<std::uint64_t>(settings.seed), octave, 0);
        auto& wave = waves_[octave];
        wave.radians_per_s = 2 * std::numbers::pi / period_s;
        wave.amplitude_ns = frequency_part / wave.radians_per_s * 1e9;
        wave.phase = 2 * std::numbers::pi * scenes::light::share(bits);
        wander_at_power_up_ns_ += wave.amplitude_ns * std::sin(wave.phase);
    }
}

Time Oscillator::ahead(Time host) const {
    const auto host_ns = static_cast<double>(host.count());
    double ahead_ns = host_ns * drift_ppm_ * 1e-6 - wander_at_power_up_ns_;
    for (const auto& wave : waves_) {
        ahead_ns += wave.amplitude_ns * std::sin(wave.radians_per_s * host_ns * 1e-9 + wave.phase);
    }
    return Time(std::llround(ahead_ns));
}

Time Oscillator::host_at(Time oscillator) const {
    // Each turn is closer by as much as the rates differ.
    auto host = oscillator;
    for (int turn = 0; turn < 4; ++turn) host = oscillator - ahead(host);
    while (at(host) >= oscillator) --host;
    while (at(host) < oscillator) ++host;
    return host;
}

}  // namespace emulator::sim
