#include "emulator/sim/time_control.h"

#include <algorithm>

namespace emulator::sim {
namespace {

/// Between two looks at the network.
constexpr int kJumpsAtOnce = 64;

}  // namespace

void TimeControl::run_until(Time host) {
    run_due(host);
    for (int jumps = 0; jumps < kJumpsAtOnce; ++jumps) {
        const auto target = jump_target();
        if (!target) break;
        jump(*target);
        run_due(host);
    }
    stand_or_run();
}

// What is due in both at once happens in camera time first.
void TimeControl::run_due(Time host) {
    for (auto next = due(); next && *next <= host; next = due()) {
        host_.advance(*next);
        camera_.run_until(scale_.camera_at(*next));
        host_.run_until(*next);
    }
    host_.run_until(host);
    camera_.run_until(scale_.camera_at(host_.now()));
}

/// The host time of the next event, jumps left aside.
std::optional<Time> TimeControl::due() const {
    auto first = host_.next();
    const auto next = camera_.next();
    if (!next) return first;
    const auto at = *next <= camera_.now() ? host_.now() : scale_.host_at(*next);
    if (at && (!first || *at < *first)) first = std::max(*at, host_.now());
    return first;
}

std::optional<Time> TimeControl::next() const { return jump_target() ? host_.now() : due(); }

std::optional<Time> TimeControl::jump_target() const {
    if (mode_ == Mode::rate || busy_()) return std::nullopt;
    const auto next = camera_.next();
    if (mode_ == Mode::fast) return next;
    return std::min(next.value_or(step_end_), step_end_);
}

void TimeControl::jump(Time camera) {
    const auto to = std::max(camera, camera_.now());
    scale_.jump(host_.now(), to);
    camera_.run_until(to);
    if (mode_ == Mode::step && to >= step_end_) mode_ = Mode::rate;
}

void TimeControl::stand_or_run() {
    if (mode_ != Mode::fast) return;
    const bool idle = !camera_.next() && !busy_();
    scale_.set_rate(host_.now(), idle ? TimeScale::kReal : 0);
}

void TimeControl::set(Mode mode, std::int64_t rate) {
    const bool was_real = real();
    mode_ = mode;
    scale_.set_rate(host_.now(), rate);
    if (real() != was_real) told_(real());
}

void TimeControl::set_rate(std::int64_t millionths) { set(Mode::rate, millionths); }

void TimeControl::set_fast() {
    set(Mode::fast, 0);
    stand_or_run();
}

void TimeControl::step_to(Time camera) {
    step_end_ = camera;
    set(Mode::step, 0);
}

std::optional<std::int64_t> TimeControl::rate() const {
    if (mode_ != Mode::rate) return std::nullopt;
    return scale_.rate();
}

Time TimeControl::sent_at(Time camera) const {
    return real() ? scale_.host_at(camera).value_or(host_.now()) : host_.now();
}

}  // namespace emulator::sim
