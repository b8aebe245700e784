#include "emulator/acquisition/internal_exposures.h"

#include "emulator/acquisition/frame_timing.h"

namespace emulator::acquisition {
namespace {

constexpr int kInWorkMost = 2;

}  // namespace

bool InternalExposures::needed() const {
    return auto_functions_.focusing() && !(frames_.running() && !settings_.trigger.on) && frames_.idle();
}

void InternalExposures::run() {
    if (std::exchange(running_, true)) return;
    expose();
}

void InternalExposures::expose() {
    if (!auto_functions_.focusing()) {
        running_ = false;
        return;
    }
    const auto now = scheduler_.now();
    if (needed() && in_work_ < kInWorkMost) {
        const FrameRequest request{.settings = settings_,
                                   .lens = lens_,
                                   .world = worlds_.at(now),
                                   .start = now,
                                   .stamp = device_.clock.stamp(now),
                                   .frame = exposures_++,
                                   .seed = profile_.seed,
                                   .housing_c = disturbance_.housing_c(profile_.housing_c),
                                   .grown_hot_pixels = disturbance_.grown_hot_pixels(now),
                                   .internal = true};
        scheduler_.at(request.end(), [this, request] { end(request); });
    }
    scheduler_.at(now + frame_period(profile_.chip, settings_), [this] { expose(); });
}

void InternalExposures::end(FrameRequest request) {
    if (!needed()) return;
    ++in_work_;
    request.questions = auto_functions_.ask(request);
    request.strobe_high = frames_.strobe_high(request.start, request.end());
    maker_.make(request, {}, [this, request](const std::optional<MadeFrame>& frame) {
        --in_work_;
        made_(request, frame ? frame->measured : auto_functions::Measurement{});
    });
}

}  // namespace emulator::acquisition
