#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "protocol/time.h"

namespace emulator::acquisition {

using protocol::Time;

/// What a client reads of TRIGGER_IN: the opto-coupler inverts, and an undriven input is low.
[[nodiscard]] constexpr bool gp_in(bool line_high) { return !line_high; }

struct Edge {
    Time at{};
    bool high = false;
    bool operator==(const Edge&) const = default;
};

/// Pulse train of an external source, with jitter and contact bounce.
struct PulseTrain {
    Time period = std::chrono::milliseconds(100);
    Time width = std::chrono::milliseconds(1);
    std::uint64_t count = 0;  // 0: until it is stopped
    bool high = true;         // the level of a pulse
    Time jitter{};            // each pulse comes late by 0 to this, evenly
    int bounces =
        0;  // how often the contact opens again after it has closed, and closes again after it has opened
    Time bounce{};  // the time in which it does so
    std::uint64_t seed = 1;
};

/// Whether pulses are whole and apart from each other, with all bounces over before the next edge, and times
/// below a day.
[[nodiscard]] bool valid(const PulseTrain&);

/// The edges of this pulse, from 0, of a valid train that begins at 0.
[[nodiscard]] std::vector<Edge> pulse_edges(const PulseTrain&, std::uint64_t pulse);

/// What drives TRIGGER_IN. The same calls give the same edges.
class InputLine {
  public:
    /// The line will have this level. An undriven line is low.
    void set(bool high, Time at);
    /// The line will have this level for so long, and then the other.
    void pulse(bool high, Time at, Time width);
    /// False if the train is not valid. A train that runs is replaced.
    [[nodiscard]] bool play(const PulseTrain&, Time start);
    /// Discards the edges to come; the level stays.
    void stop();

    [[nodiscard]] std::optional<Time> deadline() const;
    /// The edges up to this time that change the level.
    [[nodiscard]] std::vector<Edge> expire(Time now);
    [[nodiscard]] bool high() const { return high_; }
    /// Scheduled single edges that are to come.
    [[nodiscard]] std::size_t waiting() const { return script_.size(); }

  private:
    void load_pulse();
    [[nodiscard]] std::deque<Edge>* first();

    bool high_ = false;
    std::deque<Edge> script_;  // in order of time
    std::deque<Edge> pulse_;   // what is left of the train's pulse
    std::optional<PulseTrain> train_;
    Time train_start_{};
    std::uint64_t pulses_ = 0;  // of the train, loaded
};

}  // namespace emulator::acquisition
