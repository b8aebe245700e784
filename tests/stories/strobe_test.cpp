#include <doctest/doctest.h>

#include "tests/support/fake_client.h"
#include "tests/support/pin_recorder.h"

// STROBE_OUT, set up through registers and watched to the nanosecond (manual 5.7.2, 5.8).

using namespace support;

namespace {

constexpr double kActiveLow = 0, kActiveHigh = 1, kFixedDuration = 0, kExposure = 1;

/// Frames of a millisecond each, 20 a second.
struct Flashing {
    VirtualCamera camera;
    FakeClient client{camera};
    PinRecorder pins{camera};

    Flashing() {
        client.take_control();
        client.keep_alive();
        client.open_stream();
        client.set("AcquisitionFrameRate", 20);
    }
    void set(std::initializer_list<std::pair<std::string_view, double>> settings) {
        for (const auto& wanted : settings) {
            CAPTURE(wanted.first);
            CHECK(client.set(wanted.first, wanted.second) == 0);
        }
    }
    /// What the pin does while five frames are taken.
    PinRecorder::Edges run() {
        pins.forget();
        client.start();
        camera.run_for(240ms);
        client.stop();
        camera.run_for(200ms);
        REQUIRE(pins.frames.size() == 5);
        CHECK(client.complete_blocks() > 0);
        return pins.strobe;
    }
};

}  // namespace

TEST_CASE("in every mode the pin's edges are those of the exposures, moved by the delay") {
    Flashing f;
    f.set({{"StrobeEnable", 1}});
    for (const double polarity : {kActiveLow, kActiveHigh}) {
        for (const double operation : {kExposure, kFixedDuration}) {
            for (const int delay_us : {0, 1, 1000, 32'767}) {
                for (const int duration_us : {1, 1000, 12'345}) {
                    CAPTURE(delay_us);
                    CAPTURE(duration_us);
                    f.set({{"StrobePolarity", polarity},
                           {"StrobeOperation", operation},
                           {"StrobeDelay", delay_us},
                           {"StrobeDuration", duration_us}});
                    const auto edges = f.run();
                    PinRecorder::Edges expected;
                    for (const auto& frame : f.pins.frames) {
                        const auto begin = frame.start + std::chrono::microseconds(delay_us);
                        const auto length = operation == kExposure ? frame.end - frame.start
                                                                   : std::chrono::microseconds(duration_us);
                        expected.emplace_back(begin, polarity == kActiveHigh);
                        expected.emplace_back(begin + length, polarity == kActiveLow);
                    }
                    CHECK(edges == expected);
                }
            }
        }
    }
}

TEST_CASE("pulses that outlast the frame period hold the pin until the last of them ends") {
    Flashing f;
    f.set({{"StrobeEnable", 1},
           {"StrobePolarity", kActiveHigh},
           {"StrobeOperation", kFixedDuration},
           {"StrobeDuration", 32'767},
           {"AcquisitionFrameRate", 40}});
    f.pins.forget();
    f.client.start();
    f.camera.run_for(110ms);
    f.client.stop();
    f.camera.run_for(200ms);
    const auto& frames = f.pins.frames;
    REQUIRE(frames.size() == 5);
    CHECK(f.pins.strobe == PinRecorder::Edges{{frames[0].start, true}, {frames[4].start + 32'767us, false}});
}

TEST_CASE("a pulse is as long as the exposure of its very frame") {
    Flashing f;
    f.set({{"StrobeEnable", 1}, {"StrobePolarity", kActiveHigh}});
    f.pins.forget();
    f.client.start();
    f.camera.run_for(70ms);
    f.set({{"ExposureTime", 3456}});
    f.camera.run_for(100ms);
    REQUIRE(f.pins.strobe.size() >= 6);
    CHECK(f.pins.strobe[3].first - f.pins.strobe[2].first == 1ms);
    CHECK(f.pins.strobe[5].first - f.pins.strobe[4].first == 3456us);
}

TEST_CASE("the general purpose output drives STROBE_OUT while the strobe is off, and only then") {
    Flashing f;
    CHECK_FALSE(f.camera.camera.strobe_out());
    for (const double polarity : {kActiveLow, kActiveHigh}) {
        f.set({{"StrobePolarity", polarity}, {"StrobeEnable", 0}, {"GPOut", 1}});
        CHECK(f.camera.camera.strobe_out());
        f.set({{"GPOut", 0}});
        CHECK_FALSE(f.camera.camera.strobe_out());
        CHECK(f.run().empty());  // exposures do not touch it

        f.set({{"StrobeEnable", 1}});
        const bool idle = polarity == kActiveLow;
        CHECK(f.camera.camera.strobe_out() == idle);
        f.set({{"GPOut", 1}});
        CHECK(f.camera.camera.strobe_out() == idle);
        CHECK(f.client.get("GPOut") == 1);
        f.set({{"StrobeEnable", 0}});
        CHECK(f.camera.camera.strobe_out());
        f.set({{"GPOut", 0}});
    }
}
