#include "emulator/acquisition/trigger.h"

#include <algorithm>
#include <cmath>

namespace emulator::acquisition {

Time time_from_us(double us) { return Time(std::llround(us * 1000)); }

void TriggerInput::on_edge(bool high, const TriggerSettings& settings, Time now) {
    if (high == high_) return;
    high_ = high;
    // With the other polarity the line has been inactive since it came to this level.
    if (settings.activation != activation_) inactive_since_ = last_edge_;
    activation_ = settings.activation;
    last_edge_ = now;

    if (high == (settings.activation == TriggerActivation::rising_edge)) {
        const auto inactive = inactive_since_ ? now - *inactive_since_ : Time::max();
        pulse_ = Pulse{.denoise_end = now + time_from_us(settings.denoise_us),
                       .mask = time_from_us(settings.mask_us),
                       .delay = time_from_us(settings.delay_us),
                       .wanted = settings.on && allows(settings.source, TriggerSource::line1) &&
                                 inactive >= time_from_us(settings.debounce_us)};
    } else if (pulse_ && pulse_->denoise_end > now) {
        pulse_.reset();  // a glitch
    } else {
        inactive_since_ = now;
    }
}

void TriggerInput::on_action(const TriggerSettings& settings, Time now) {
    delay(now, time_from_us(settings.delay_us), TriggerSource::action0);
}

void TriggerInput::pass(const Pulse& pulse) {
    if (!pulse.wanted || pulse.denoise_end < mask_end_) return;
    mask_end_ = pulse.denoise_end + pulse.mask;
    delay(pulse.denoise_end, pulse.delay, TriggerSource::line1);
}

// After TriggerDelay was shortened a later signal may overtake an earlier one.
void TriggerInput::delay(Time from, Time by, TriggerSource source) {
    const bool lost = delayed_.size() >= kDelayedMost;
    const Signal signal{.due = lost ? from : from + by, .source = source, .lost = lost};
    const auto later = [](const Signal& a, const Signal& b) { return a.due < b.due; };
    delayed_.insert(std::upper_bound(delayed_.begin(), delayed_.end(), signal, later), signal);
}

std::optional<Time> TriggerInput::deadline() const {
    std::optional<Time> first;
    if (pulse_) first = pulse_->denoise_end;
    if (!delayed_.empty()) first = std::min(first.value_or(Time::max()), delayed_.front().due);
    return first;
}

std::vector<TriggerInput::Signal> TriggerInput::expire(Time now) {
    if (pulse_ && pulse_->denoise_end <= now) {
        pass(*pulse_);
        pulse_.reset();
    }
    std::vector<Signal> due;
    for (; !delayed_.empty() && delayed_.front().due <= now; delayed_.pop_front()) {
        due.push_back(delayed_.front());
    }
    return due;
}

void TriggerInput::forget() {
    pulse_.reset();
    mask_end_ = {};
    delayed_.clear();
}

}  // namespace emulator::acquisition
