#include "emulator/camera/leds.h"

namespace emulator {
namespace {

bool first_half(Time now) { return now % (2 * kHalfBlink) < kHalfBlink; }

RgbLed steady(LedColour colour) { return {.colour = colour}; }

RgbLed code(int flashes, Time now) {
    const auto all = 2 * flashes * kHalfBlink;
    const auto phase = now % (all + kCodePause);
    return {.colour = LedColour::red,
            .blinking = true,
            .flashes = flashes,
            .lit = phase < all && first_half(phase)};
}

RgbLed status(const Condition& is, Time now) {
    if (is.fault != Fault::none) return code(static_cast<int>(is.fault), now);
    if (is.configuring) return {.colour = LedColour::blue, .blinking = true, .lit = first_half(now)};
    if (!is.stream_active) return steady(LedColour::blue);
    return steady(is.sending ? LedColour::yellow : LedColour::green);
}

}  // namespace

Leds leds(const Condition& is, Time now) {
    if (!is.powered) return {.status = {.lit = false}};
    const bool active = is.last_packet && now - *is.last_packet < kActivityLight;
    return {.link = is.gigabit, .activity = active, .status = status(is, now)};
}

}  // namespace emulator
