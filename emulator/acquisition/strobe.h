#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "protocol/time.h"

namespace emulator::acquisition {

using protocol::Time;

enum class StrobePolarity : std::uint8_t { active_low = 0, active_high = 1 };
enum class StrobeOperation : std::uint8_t { fixed_duration = 0, exposure = 1 };

/// What a client can set about STROBE_OUT, with its value at power-up (manual 5.7.2, 5.8).
struct StrobeSettings {
    bool enabled = false;
    StrobePolarity polarity = StrobePolarity::active_low;
    StrobeOperation operation = StrobeOperation::exposure;
    std::int64_t duration_us = 100;  // of the pulse, with a fixed duration; 0 to 32767
    std::int64_t delay_us = 0;       // from the start of exposure; 0 to 32767
    bool gp_out = false;             // level of the pin while the strobe is disabled
    bool operator==(const StrobeSettings&) const = default;
};

/// The pin STROBE_OUT. It is an open drain: high is the transistor off and the line at what it is pulled up
/// to. Pulses that overlap or touch are one longer pulse. A pulse is as the settings were when its exposure
/// began; enable, polarity and general purpose output act at once.
class Strobe {
  public:
    /// An exposure begins.
    void on_exposure(Time start, Time end, const StrobeSettings&);
    /// The exposure that was last begun is broken off, and pulses end with it.
    void break_off() { pulses_.clear(); }
    /// Time of the pin's next edge.
    [[nodiscard]] std::optional<Time> deadline() const;
    /// Updates the pin to its present level. Returns the level if it changed.
    [[nodiscard]] std::optional<bool> update(const StrobeSettings&, Time now);
    [[nodiscard]] bool high() const { return high_; }

  private:
    struct Pulse {
        Time begin{}, end{};
    };
    std::deque<Pulse> pulses_;  // in order, and apart from each other
    bool active_ = false;       // the first of them has begun
    bool high_ = false;
};

}  // namespace emulator::acquisition
