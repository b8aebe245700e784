#include "emulator/camera/motors.h"

#include <utility>

namespace emulator {

Motors::Motors(const lens_model::Constants& constants, const Lens& at, std::uint64_t seed,
               sim::Scheduler& scheduler, std::function<void(Events::Name)> on_arrival)
    : constants_(constants),
      seed_(seed),
      scheduler_(scheduler),
      on_arrival_(std::move(on_arrival)),
      drive_(constants, at) {}

void Motors::go_to(const Lens& target) {
    const auto zoom_was_done = drive_.zoom_done(), focus_was_done = drive_.focus_done();
    drive_.go_to(target, scheduler_.now(), seed_);
    if (drive_.zoom_done() != zoom_was_done)
        expect_arrival(zoom_arrival_, drive_.zoom_done(), Events::zoom_move_completed);
    if (drive_.focus_done() != focus_was_done)
        expect_arrival(focus_arrival_, drive_.focus_done(), Events::focus_move_completed);
}

void Motors::jam(const LensDrive::Stuck& stuck, const Lens& targets) {
    if (!drive_.jam(stuck, scheduler_.now())) return;
    const auto abandon = [this](bool is_stuck, std::optional<sim::Scheduler::Ticket>& arrival) {
        if (!is_stuck || !arrival) return;
        scheduler_.cancel(*arrival);
        arrival.reset();
    };
    abandon(stuck.zoom, zoom_arrival_);
    abandon(stuck.focus, focus_arrival_);
    go_to(targets);
}

void Motors::place(const Lens& at) { drive_ = LensDrive(constants_, at); }

void Motors::expect_arrival(std::optional<sim::Scheduler::Ticket>& arrival, Time done, Events::Name event) {
    if (arrival) scheduler_.cancel(*arrival);
    arrival = scheduler_.at(done, [this, &arrival, event] {
        arrival.reset();
        on_arrival_(event);
    });
}

}  // namespace emulator
