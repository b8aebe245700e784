#include "emulator/acquisition/action_scheduler.h"

namespace emulator {

using protocol::Status;

Status ActionScheduler::plan(protocol::Timestamp at, Time interval) {
    if (interval == Time::zero() && at <= reading()) {
        perform_();
        return Status::success;
    }
    if (!queue_.add(at, interval, reading())) return Status::overflow;
    arm();
    return Status::success;
}

void ActionScheduler::cancel() {
    queue_.clear();
    arm();
}

void ActionScheduler::clock_stepped() {
    queue_.clock_stepped(reading());
    arm();
}

void ActionScheduler::arm() {
    if (deadline_) scheduler_.cancel(*deadline_);
    deadline_.reset();
    if (const auto due = queue_.next()) {
        deadline_ = scheduler_.at(clock_.oscillator_at(*due), [this] { perform_due(); });
    }
}

void ActionScheduler::perform_due() {
    deadline_.reset();
    for (int count = queue_.take_due(reading()); count > 0; --count) perform_();
    arm();
}

}  // namespace emulator
