#include "emulator/acquisition/action_queue.h"

#include <algorithm>

namespace emulator::acquisition {
namespace {

/// The first time of the series that is not before `earliest`.
Timestamp in_phase(Timestamp first, Time interval, Timestamp earliest) {
    if (earliest <= first) return first;
    return first + (earliest - first + interval - Time(1)) / interval * interval;
}

}  // namespace

bool ActionQueue::add(Timestamp at, Time interval, Timestamp reading) {
    if (planned_.size() >= protocol::kActionQueueSlots) return false;
    const bool repeated = interval > Time::zero();
    planned_.push_back(
        {.first = at, .interval = interval, .due = repeated ? in_phase(at, interval, reading) : at});
    return true;
}

std::optional<Timestamp> ActionQueue::next() const {
    if (planned_.empty()) return std::nullopt;
    return std::ranges::min_element(planned_, {}, &Planned::due)->due;
}

int ActionQueue::take_due(Timestamp reading) {
    int count = 0;
    for (auto& one : planned_) {
        if (one.due > reading) continue;
        ++count;
        if (one.interval == Time::zero()) continue;
        one.due = in_phase(one.first, one.interval, std::max(one.due + kRest, reading + Time(1)));
    }
    // Only those that are performed once are still due.
    std::erase_if(planned_, [&](const Planned& one) { return one.due <= reading; });
    return count;
}

void ActionQueue::clock_stepped(Timestamp reading) {
    for (auto& one : planned_) {
        if (one.interval == Time::zero()) continue;
        if (one.due < reading || one.due - reading > 2 * one.interval) {
            one.due = in_phase(one.first, one.interval, reading);
        }
    }
}

}  // namespace emulator::acquisition
