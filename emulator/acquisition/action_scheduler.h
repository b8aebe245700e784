#pragma once

#include <functional>

#include "emulator/acquisition/action_queue.h"
#include "emulator/sim/scheduler.h"
#include "protocol/time.h"

namespace emulator {

using protocol::Time;

/// Ties the queue of actions to the camera's clock: each is performed at the first nanosecond of the
/// oscillator at which the clock reads its time, however the clock was steered until then.
class ActionScheduler {
  public:
    ActionScheduler(const protocol::Clock& clock, sim::Scheduler& scheduler, std::function<void()> perform)
        : clock_(clock), scheduler_(scheduler), perform_(std::move(perform)) {}

    /// At `at`, and again after each interval if there is one. What is past and not repeated is performed at
    /// once. `overflow` if the queue is full: nothing has changed.
    [[nodiscard]] protocol::Status plan(protocol::Timestamp at, Time interval);
    void cancel();
    [[nodiscard]] bool idle() const { return queue_.empty(); }

    // The clock was changed at this moment.
    void clock_stepped();
    void clock_steered() { arm(); }

  private:
    [[nodiscard]] protocol::Timestamp reading() const { return clock_.at(scheduler_.now()); }
    void arm();
    void perform_due();

    const protocol::Clock& clock_;
    sim::Scheduler& scheduler_;
    std::function<void()> perform_;
    acquisition::ActionQueue queue_;
    std::optional<sim::Scheduler::Ticket> deadline_;
};

}  // namespace emulator
