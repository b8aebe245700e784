#include "emulator/sim/scheduler.h"

namespace emulator::sim {

Scheduler::Ticket Scheduler::at(Time time, Action action) {
    // An event in the past runs now: virtual time never goes back.
    const Ticket ticket{std::max(time, now_), asked_++};
    events_.emplace(ticket, std::move(action));
    return ticket;
}

std::optional<Time> Scheduler::next() const {
    if (events_.empty()) return std::nullopt;
    return events_.begin()->first.first;
}

void Scheduler::run_until(Time time) {
    while (!events_.empty() && events_.begin()->first.first <= time) {
        auto event = events_.extract(events_.begin());
        now_ = event.key().first;
        event.mapped()();
    }
    advance(time);
}

}  // namespace emulator::sim
