#pragma once

#include <functional>

#include "emulator/acquisition/line.h"
#include "emulator/sim/scheduler.h"
#include "protocol/time.h"

namespace emulator::testbench {

using acquisition::PulseTrain;
using protocol::Time;

/// What is wired to TRIGGER_IN: plays what it was told at exactly the times that it was told.
class LineDriver {
  public:
    /// `drive` is given every new level of the line.
    LineDriver(sim::Scheduler& scheduler, std::function<void(bool high)> drive)
        : scheduler_(scheduler), drive_(std::move(drive)) {}

    /// Edges that may be asked for one by one and have not come.
    static constexpr std::size_t kEdgesMax = 10'000;
    [[nodiscard]] bool full() const { return line_.waiting() + 2 > kEdgesMax; }

    // All of them act at once where the time is now.
    void set(bool high, Time at);
    void pulse(bool high, Time at, Time width);
    /// False if the train is not valid. A train that runs is replaced.
    [[nodiscard]] bool play(const PulseTrain&, Time start);
    /// Nothing more comes; the level stays.
    void stop();
    /// Whether edges are to come.
    [[nodiscard]] bool busy() const { return line_.deadline().has_value(); }

  private:
    void arm();

    sim::Scheduler& scheduler_;
    std::function<void(bool high)> drive_;
    acquisition::InputLine line_;
    std::optional<sim::Scheduler::Ticket> due_;
};

}  // namespace emulator::testbench
