#include "emulator/imaging/lens_drive.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "protocol/time.h"

namespace emulator {
namespace {

using lens_model::element;

double in_the_light(const Lens& lens) { return lens.ir_cut ? 1 : 0; }

}  // namespace

LensDrive::LensDrive(const lens_model::Constants& constants, const Lens& at)
    : constants_(constants),
      zoom_(lens_model::at_rest(static_cast<double>(at.zoom))),
      focus_(lens_model::at_rest(static_cast<double>(at.focus))),
      iris_(lens_model::at_rest(static_cast<double>(at.iris))),
      ir_cut_(lens_model::at_rest(in_the_light(at))) {}

void LensDrive::send(lens_model::Motion& motion, const lens_model::Motor& motor, double target, Time now,
                     std::uint64_t seed) {
    if (motion.to != target)
        motion = lens_model::moved(motor, motion, protocol::seconds(now), target, seed + ++moves_);
}

void LensDrive::go_to(const Lens& targets, Time now, std::uint64_t seed) {
    const auto send_free = [&](bool stuck, lens_model::Motion& motion, const lens_model::Motor& motor,
                               std::int64_t target) {
        if (!stuck) send(motion, motor, static_cast<double>(target), now, seed);
    };
    send_free(stuck_.zoom, zoom_, lens_model::zoom_motor(constants_), targets.zoom);
    send_free(stuck_.focus, focus_, lens_model::focus_motor(constants_), targets.focus);
    send_free(stuck_.iris, iris_, lens_model::iris_motor(constants_), targets.iris);
    send(ir_cut_, lens_model::ir_cut_motor(constants_), in_the_light(targets), now, seed);
}

bool LensDrive::jam(const Stuck& stuck, Time now) {
    const auto stop = [&](bool before, bool is, lens_model::Motion& motion, const lens_model::Motor& motor) {
        if (before || !is) return;
        const auto at = protocol::seconds(now);
        auto rest = lens_model::at_rest(counter(motor, motion, at));
        rest.element = element(motor, motion, at);
        motion = rest;
    };
    stop(stuck_.zoom, stuck.zoom, zoom_, lens_model::zoom_motor(constants_));
    stop(stuck_.focus, stuck.focus, focus_, lens_model::focus_motor(constants_));
    stop(stuck_.iris, stuck.iris, iris_, lens_model::iris_motor(constants_));
    return std::exchange(stuck_, stuck) != stuck;
}

Time LensDrive::done(const lens_model::Motor& motor, const lens_model::Motion& motion) {
    return Time(std::llround(lens_model::done_s(motor, motion) * 1e9));
}

Time LensDrive::done() const { return std::max({zoom_done(), focus_done(), iris_done(), ir_cut_done()}); }

auto_functions::FocusDuring LensDrive::focus_during(Time start, Time end) const {
    const auto motor = lens_model::focus_motor(constants_);
    return {lens_model::counter(motor, focus_, protocol::seconds(start + (end - start) / 2)),
            start < focus_done()};
}

lens_model::State LensDrive::state(Time time, double temperature_c) const {
    const auto at = protocol::seconds(time);
    return {.zoom_steps = element(lens_model::zoom_motor(constants_), zoom_, at),
            .focus_counts = element(lens_model::focus_motor(constants_), focus_, at),
            .iris_steps = element(lens_model::iris_motor(constants_), iris_, at),
            .ir_cut_position = element(lens_model::ir_cut_motor(constants_), ir_cut_, at),
            .temperature_c = temperature_c};
}

}  // namespace emulator
