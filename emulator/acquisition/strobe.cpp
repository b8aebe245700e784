#include "emulator/acquisition/strobe.h"

#include <algorithm>

namespace emulator::acquisition {

void Strobe::on_exposure(Time start, Time end, const StrobeSettings& settings) {
    if (!settings.enabled) return;
    Pulse pulse{.begin = start + std::chrono::microseconds(settings.delay_us)};
    const auto fixed = settings.operation == StrobeOperation::fixed_duration;
    pulse.end = pulse.begin + (fixed ? std::chrono::microseconds(settings.duration_us) : end - start);

    // Pulses that overlap or touch the new one are merged with it.
    const auto first =
        std::find_if(pulses_.begin(), pulses_.end(), [&](const Pulse& p) { return p.end >= pulse.begin; });
    const auto last = std::find_if(first, pulses_.end(), [&](const Pulse& p) { return p.begin > pulse.end; });
    for (auto met = first; met != last; ++met) {
        pulse = {.begin = std::min(pulse.begin, met->begin), .end = std::max(pulse.end, met->end)};
    }
    pulses_.insert(pulses_.erase(first, last), pulse);
}

std::optional<Time> Strobe::deadline() const {
    if (pulses_.empty()) return std::nullopt;
    return active_ ? pulses_.front().end : pulses_.front().begin;
}

std::optional<bool> Strobe::update(const StrobeSettings& settings, Time now) {
    if (!settings.enabled) pulses_.clear();
    while (!pulses_.empty() && pulses_.front().end <= now) pulses_.pop_front();
    active_ = !pulses_.empty() && pulses_.front().begin <= now;

    const auto strobe_high = active_ == (settings.polarity == StrobePolarity::active_high);
    const auto high = settings.enabled ? strobe_high : settings.gp_out;
    if (high == high_) return std::nullopt;
    return high_ = high;
}

}  // namespace emulator::acquisition
