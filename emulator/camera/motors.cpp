#include "emulator/camera/camera.h"

// Motors of the lens (zoom, focus, iris, infrared cut filter), and the auto functions that drive them.

namespace emulator {
namespace {

/// Data of EventZoomMoveCompleted and EventFocusMoveCompleted.
protocol::Bytes place_data(std::int64_t steps) {
    return protocol::Writer().u32(static_cast<std::uint32_t>(steps)).take();
}

}  // namespace

protocol::Status Camera::start_autofocus() {
    auto_functions_.start_focus();
    move_lens();
    internal_.run();
    return protocol::Status::success;
}

void Camera::take_up(const FrameRequest& frame, const auto_functions::Measurement& seen) {
    const bool was_focusing = auto_functions_.focusing();
    const auto lens = settings.lens;
    auto_functions_.take_up(frame, seen);
    if (settings.lens.focus != lens.focus || settings.lens.iris != lens.iris) move_lens();
    frames_.settings_changed();
    if (was_focusing && !auto_functions_.focusing())
        notify(Events::focus_move_completed, 0, place_data(settings.lens.focus));
    if (was_focusing && !auto_functions_.focusing()) frames_.expect_lens();
}

void Camera::move_lens() {
    const auto zoom_was_done = lens_.zoom_done(), focus_was_done = lens_.focus_done();
    lens_.go_to(settings.lens, now(), static_cast<std::uint64_t>(profile.seed));
    if (lens_.zoom_done() != zoom_was_done)
        expect_arrival(zoom_arrival_, lens_.zoom_done(), Events::zoom_move_completed);
    if (lens_.focus_done() != focus_was_done)
        expect_arrival(focus_arrival_, lens_.focus_done(), Events::focus_move_completed);
    if (!auto_functions_.focusing()) frames_.expect_lens();
    observer_->on_lens_sent();
}

// A new target before the old one is reached: only the last move is completed. Autofocus is one move.
void Camera::expect_arrival(std::optional<sim::Scheduler::Ticket>& arrival, Time done, Events::Name event) {
    if (arrival) scheduler_.cancel(*arrival);
    arrival = scheduler_.at(done, [this, &arrival, event] {
        arrival.reset();
        if (event == Events::focus_move_completed && auto_functions_.focusing()) return;
        const auto place = event == Events::zoom_move_completed ? settings.lens.zoom : settings.lens.focus;
        notify(event, 0, place_data(place));
    });
}

}  // namespace emulator
