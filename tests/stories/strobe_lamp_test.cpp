#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/pictures/live_camera.h"
#include "tests/support/pin_recorder.h"

// A lamp switched by STROBE_OUT: the intervals of the pin in a frame request, and the light in the image.

using namespace support;

namespace {

constexpr double kActiveLow = 0, kActiveHigh = 1, kFixedDuration = 0, kExposure = 1;

Time nanoseconds(double time_s) {
    return std::isinf(time_s) ? Time::max() : Time(std::llround(time_s * 1e9));
}

/// The level of the pin at a time, by its edges.
bool level(const PinRecorder::Edges& edges, Time at, bool before) {
    for (const auto& [time, high] : edges)
        if (time <= at) before = high;
    return before;
}

emulator::Profile full_of_light() {
    auto profile = small_profile();
    profile.power_up.exposure.time_us = 10'000;
    return profile;
}

}  // namespace

TEST_CASE("a frame has the intervals of STROBE_OUT during its exposure to the nanosecond, in every mode") {
    VirtualCamera camera;
    FakeClient client(camera);
    PinRecorder pins(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    CHECK(client.set("AcquisitionFrameRate", 100) == 0);
    int pulses = 0;
    for (const double enabled : {0.0, 1.0})
        for (const double polarity : {kActiveLow, kActiveHigh})
            for (const double operation : {kExposure, kFixedDuration})
                for (const int delay_us : {0, 1, 700, 32'767})
                    for (const int duration_us : {0, 20, 32'767}) {
                        const bool at_first = camera.camera.strobe_out();
                        pins.forget();
                        camera.requests.clear();
                        client.set("StrobeEnable", enabled);
                        client.set("StrobePolarity", polarity);
                        client.set("StrobeOperation", operation);
                        client.set("StrobeDelay", delay_us);
                        client.set("StrobeDuration", duration_us);
                        client.start();
                        camera.run_for(45ms);
                        client.set("GPOut", (delay_us + duration_us) % 2);
                        camera.run_for(45ms);
                        client.stop();
                        camera.run_for(100ms);
                        REQUIRE(camera.requests.size() > 5);
                        for (const auto& request : camera.requests) {
                            for (const auto& on : request.strobe_high) {
                                for (const double edge_s : {on.start_s, on.end_s}) {
                                    const auto edge = nanoseconds(edge_s);
                                    if (edge <= Time::zero() || edge >= request.end() - request.start)
                                        continue;
                                    ++pulses;
                                    const auto at = request.start + edge;
                                    const bool begins = edge_s == on.start_s;
                                    CHECK(level(pins.strobe, at, at_first) == begins);
                                    CHECK(level(pins.strobe, at - 1ns, at_first) != begins);
                                }
                            }
                            for (const auto within : {0us, 300us, 999us}) {
                                const auto t = std::chrono::duration<double>(within).count();
                                const emulator::Time at = request.start + within;
                                const bool high = std::any_of(
                                    request.strobe_high.begin(), request.strobe_high.end(),
                                    [&](const auto& on) { return on.start_s <= t && t < on.end_s; });
                                CHECK(high == level(pins.strobe, at, at_first));
                            }
                        }
                    }
    CHECK(pulses > 100);
}

TEST_CASE(
    "a lamp on STROBE_OUT is lit while the pin is high, whoever drives it, and active_low turns it round") {
    for (const bool active_low : {false, true}) {
        CAPTURE(active_low);
        const std::string line = active_low ? R"({"active_low": true})" : "{}";
        auto world = measure::scene_of(R"({"light": {"illuminance_lx": 1000, "line": )" + line +
                                       R"(}, "background": {"reflectance": 0.2}})");
        measure::LiveCamera live(std::move(world), full_of_light());
        /// Mean of a frame above black, and of one that is lit for the whole of its exposure.
        const auto brightness = [&] {
            live.run_frames(2);
            const auto bytes = live.newest();
            double sum = 0;
            for (const auto byte : bytes) sum += byte - 15;
            return sum / static_cast<double>(bytes.size());
        };
        const auto set = [&](std::string_view name, double value) {
            CHECK(live.client.set(name, value) == 0);
        };
        set("GPOut", active_low ? 0 : 1);
        const double full = brightness();
        REQUIRE(full > 40);
        const auto share = [&] { return brightness() / full; };
        set("GPOut", active_low ? 1 : 0);
        CHECK(share() < 0.01);
        set("StrobeEnable", 1);
        for (const double polarity : {kActiveLow, kActiveHigh}) {
            CAPTURE(polarity);
            const bool lit_in_pulse = (polarity == kActiveHigh) != active_low;
            const auto expect = [&](double in_pulse) {
                const double wanted = lit_in_pulse ? in_pulse : 1 - in_pulse;
                CHECK(std::abs(share() - wanted) < 0.03);
            };
            set("StrobePolarity", polarity);
            set("StrobeOperation", kExposure);
            set("StrobeDelay", 0);
            expect(1);
            set("StrobeDelay", 4000);
            expect(0.6);
            set("StrobeOperation", kFixedDuration);
            set("StrobeDuration", 2500);
            set("StrobeDelay", 0);
            expect(0.25);
            set("StrobeDelay", 9000);
            expect(0.1);
            set("StrobeDelay", 15'000);  // behind the exposure, and before the next
            expect(0);
        }
    }
}
