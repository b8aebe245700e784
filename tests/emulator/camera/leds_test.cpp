#include "emulator/camera/leds.h"

#include <doctest/doctest.h>

using namespace emulator;
using namespace std::chrono_literals;

// All states of manual chapter 7.

namespace {

RgbLed status(const Condition& is, Time now = 0s) { return leds(is, now).status; }

/// How often the status LED comes on in a time, looked at every millisecond.
int flashes(const Condition& is, Time from, Time span) {
    int count = 0;
    bool lit = status(is, from - 1ms).lit;
    for (auto at = from; at < from + span; at += 1ms) {
        const bool now = status(is, at).lit;
        count += now && !lit;
        lit = now;
    }
    return count;
}

}  // namespace

TEST_CASE("the status LED shows what the manual prints") {
    CHECK(status({}) == RgbLed{.colour = LedColour::blue});
    CHECK(status({.stream_active = true}) == RgbLed{.colour = LedColour::green});
    CHECK(status({.stream_active = true, .sending = true}) == RgbLed{.colour = LedColour::yellow});
    CHECK(status({.configuring = true}).colour == LedColour::blue);
    CHECK(status({.configuring = true}).blinking);
    CHECK(status({.fault = Fault::memory}).colour == LedColour::red);
    CHECK(status({.fault = Fault::memory}).blinking);
}

TEST_CASE("start-up is shown before the stream, and a fault before all else") {
    CHECK(status({.configuring = true, .stream_active = true, .sending = true}).colour == LedColour::blue);
    CHECK(status({.configuring = true, .stream_active = true, .fault = Fault::memory}).colour ==
          LedColour::red);
}

TEST_CASE("a blinking LED is lit for half of the time, whenever one looks") {
    const Condition starting{.configuring = true};
    CHECK(flashes(starting, 10s, 4 * 2 * kHalfBlink) == 4);
    for (const auto at : {0ms, 100ms, 7777ms})
        CHECK(status(starting, at).lit != status(starting, at + kHalfBlink).lit);
}

TEST_CASE("a fault flashes its number, then pauses") {
    const Condition broken{.fault = Fault::memory};
    const int number = static_cast<int>(Fault::memory);
    CHECK(status(broken).flashes == number);
    const auto round = 2 * number * kHalfBlink + kCodePause;
    CHECK(flashes(broken, round, round) == number);
    CHECK(flashes(broken, 5 * round, 3 * round) == 3 * number);
    CHECK(!status(broken, 2 * round - 1ms).lit);
    CHECK(!status(broken, 2 * round - kCodePause).lit);
}

TEST_CASE("green at the connector is a gigabit link, and orange is lit by every packet for a moment") {
    CHECK(leds({.gigabit = true}, 1s).link);
    CHECK(!leds({.gigabit = false}, 1s).link);
    CHECK(!leds({}, 1s).activity);
    const Condition heard{.last_packet = 1s};
    CHECK(leds(heard, 1s).activity);
    CHECK(leds(heard, 1s + kActivityLight - 1ns).activity);
    CHECK(!leds(heard, 1s + kActivityLight).activity);
}
