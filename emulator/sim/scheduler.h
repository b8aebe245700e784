#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "protocol/time.h"

namespace emulator::sim {

using protocol::Time;

/// Event queue and virtual time. Events of equal time run in the order in which they were added.
class Scheduler {
  public:
    using Action = std::function<void()>;
    /// Handle of an event, to cancel it.
    using Ticket = std::pair<Time, std::uint64_t>;

    [[nodiscard]] Time now() const { return now_; }
    Ticket at(Time time, Action action);
    Ticket after(Time delay, Action action) { return at(now_ + delay, std::move(action)); }
    void cancel(const Ticket& ticket) { events_.erase(ticket); }

    [[nodiscard]] std::optional<Time> next() const;
    /// Runs all events up to and including `time`, which is the present time afterwards.
    void run_until(Time time);
    /// The present time is `time`. No event before it waits.
    void advance(Time time) { now_ = std::max(now_, time); }

  private:
    std::map<Ticket, Action> events_;
    std::uint64_t asked_ = 0;
    Time now_{};
};

}  // namespace emulator::sim
