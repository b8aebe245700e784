#include "emulator/testbench/line_driver.h"

namespace emulator::testbench {

void LineDriver::set(bool high, Time at) {
    line_.set(high, at);
    arm();
}

void LineDriver::pulse(bool high, Time at, Time width) {
    line_.pulse(high, at, width);
    arm();
}

bool LineDriver::play(const PulseTrain& train, Time start) {
    const bool plays = line_.play(train, start);
    arm();
    return plays;
}

void LineDriver::stop() {
    line_.stop();
    arm();
}

void LineDriver::arm() {
    for (const auto& edge : line_.expire(scheduler_.now())) drive_(edge.high);
    if (due_) scheduler_.cancel(*due_);
    due_.reset();
    const auto due = line_.deadline();
    if (!due) return;
    due_ = scheduler_.at(*due, [this] {
        due_.reset();
        arm();
    });
}

}  // namespace emulator::testbench
