#pragma once

#include <functional>

#include "emulator/acquisition/line.h"
#include "emulator/sim/scheduler.h"
#include "protocol/time.h"

namespace emulator::testbench {

using acquisition::PulseTrain;
using protocol::Time;

/// Line driver: plays levels, pulses and pulse trains on TRIGGER_IN exactly at their scheduled times.
class LineDriver {
  public:
    /// `drive` is given every new level of the line.
    LineDriver(sim::Scheduler& scheduler, std::function<void(bool high)> drive)
        : scheduler_(scheduler), drive_(std::move(drive)) {}

    /// Limit of scheduled single edges.
    static constexpr std::size_t kEdgesMax = 10'000;
    [[nodiscard]] bool full() const { return line_.waiting() + 2 > kEdgesMax; }

    // A time that is now acts at once.
    void set(bool high, Time at);
    void pulse(bool high, Time at, Time width);
    /// False if the train is not valid. A train that runs is replaced.
    [[nodiscard]] bool play(const PulseTrain&, Time start);
    /// Discards all edges to come; the level stays.
    void stop();
    /// Whether edges are scheduled.
    [[nodiscard]] bool busy() const { return line_.deadline().has_value(); }

  private:
    void arm();

    sim::Scheduler& scheduler_;
    std::function<void(bool high)> drive_;
    acquisition::InputLine line_;
    std::optional<sim::Scheduler::Ticket> due_;
};

}  // namespace emulator::testbench
