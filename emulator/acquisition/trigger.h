#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "protocol/time.h"

namespace emulator::acquisition {

using protocol::Time;

/// Trigger sources, one bit each.
enum class TriggerSource : std::uint8_t { line1 = 1, software = 2, action0 = 4, any = 7 };
/// The edge of TRIGGER_IN that is a trigger signal: the line is active from there to the other edge.
enum class TriggerActivation : std::uint8_t { falling_edge = 0, rising_edge = 1 };
/// Trigger overlap (SFNC TriggerOverlap): whether a frame may begin while the one before it is read out.
enum class TriggerOverlap : std::uint8_t { read_out = 0, off = 1 };

/// What a client can set about triggers, with its value at power-up (manual 5.5, 5.6).
struct TriggerSettings {
    bool on = false;
    TriggerSource source = TriggerSource::any;
    TriggerActivation activation = TriggerActivation::rising_edge;
    TriggerOverlap overlap = TriggerOverlap::read_out;
    bool low_latency = false;      // exposure begins exactly when the delay is over; forces overlap off
    std::int64_t burst_count = 1;  // frames for each trigger, 1 to 1000
    double delay_us = 0;           // not for software triggers
    double denoise_us = 0;         // shortest active time of a signal
    double debounce_us = 0;        // shortest inactive time before a signal
    double mask_us = 0;            // time after a signal in which edges are ignored
    bool operator==(const TriggerSettings&) const = default;
};

[[nodiscard]] constexpr bool allows(TriggerSource allowed, TriggerSource source) {
    return (static_cast<unsigned>(allowed) & static_cast<unsigned>(source)) != 0;
}

/// The overlap that is in force.
[[nodiscard]] constexpr TriggerOverlap overlap(const TriggerSettings& settings) {
    return settings.low_latency ? TriggerOverlap::off : settings.overlap;
}

/// The nearest nanosecond.
[[nodiscard]] Time time_from_us(double us);

/// Line conditioning: trigger signals from edges of TRIGGER_IN by polarity, denoise, debounce, mask and
/// delay, in this order. A pulse too short for denoise has no effect; one that debounce rejects restarts the
/// debounce time at its end. Settings count as they are when a pulse begins.
class TriggerInput {
  public:
    /// Signals within TriggerDelay at a time (assumed).
    static constexpr std::size_t kDelayedMost = 1024;

    /// The line has changed. Before the first edge it has been low for ever.
    void on_edge(bool high, const TriggerSettings&, Time now);
    /// An action signal. TriggerDelay applies, line conditioning does not.
    void on_action(const TriggerSettings&, Time now);

    /// End of the next denoise time or delay.
    [[nodiscard]] std::optional<Time> deadline() const;
    /// A signal with its time, or one that was lost because as many as may were within their delay.
    struct Signal {
        Time due{};
        TriggerSource source = TriggerSource::line1;
        bool lost = false;
        bool operator==(const Signal&) const = default;
    };
    /// Takes the signals that reach the sensor now. Call it at every deadline, and before every edge.
    [[nodiscard]] std::vector<Signal> expire(Time now);

    /// Discards the pulse under way and delayed signals, and ends the mask time.
    void forget();
    [[nodiscard]] bool high() const { return high_; }

  private:
    struct Pulse {
        Time denoise_end{};  // end of the denoise time
        Time mask{}, delay{};
        bool wanted = false;  // the line is a source of triggers, and was inactive long enough
    };
    void pass(const Pulse&);
    void delay(Time from, Time by, TriggerSource);

    bool high_ = false;
    TriggerActivation activation_ = TriggerActivation::rising_edge;  // at the last edge
    std::optional<Time> last_edge_;
    std::optional<Time> inactive_since_;
    std::optional<Pulse> pulse_;  // within its denoise time
    Time mask_end_{};
    std::deque<Signal> delayed_;  // the next first
};

}  // namespace emulator::acquisition
