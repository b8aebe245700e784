#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/triggered_camera.h"

// The sensor reads its rows as slowly as AcquisitionFrameRate lets it, and what hangs on that (manual 5.5.6).

using namespace support;

namespace {

constexpr double kClock_hz = 74.25e6;
constexpr int kHeight = 64, kBlankRows = 43;

double shortest_row_s(int width) { return (0.375 * (width + 16) + 72) / kClock_hz; }

VirtualCameraOptions rows_of_one_time() {
    VirtualCameraOptions options;
    options.profile.row_time_follows_rate = false;
    return options;
}

/// From each trigger to its exposure, in seconds. Triggers come at times that no row has to do with.
std::vector<double> delays_s(double rate_hz, int width, const VirtualCameraOptions& options = {}) {
    Triggered t({}, options);
    t.client.stop();
    t.set({{"Width", width}, {"AcquisitionFrameRate", rate_hz}, {"ExposureTime", 20}});
    t.client.start();
    std::vector<Time> triggers;
    for (int i = 0; i < 200; ++i)
        triggers.push_back(1s + i * Time(std::llround(1.3e9 / rate_hz + 300'000 + i)));
    for (const auto trigger : triggers) t.pins.pulse(trigger);
    t.camera.run_until(triggers.back() + 2s);
    REQUIRE(t.pins.frames.size() == triggers.size());
    std::vector<double> delays;
    for (std::size_t i = 0; i < triggers.size(); ++i)
        delays.push_back(static_cast<double>((t.pins.frames[i].start - triggers[i]).count()) * 1e-9);
    return delays;
}

/// How many of the triggers of ten seconds, one in each quarter of a millisecond, make a frame in a second.
double triggered_hz(double rate_hz, double exposure_us, bool low_latency,
                    const VirtualCameraOptions& options = {}) {
    Triggered t({{"AcquisitionFrameRate", rate_hz}, {"ExposureTime", exposure_us}}, options);
    t.set({{"IMXLowLatencyTriggerMode", low_latency}});
    const auto begin = t.camera.now() + 1ms;
    for (Time at = begin; at < begin + 10s; at += 250us) t.pins.pulse(at, 1us);
    t.camera.run_until(begin + 12s);
    CHECK(t.client.complete_blocks() == t.pins.frames.size());
    CHECK(t.pins.frames.size() + t.pins.missed.size() == 40'000);
    return static_cast<double>(t.pins.frames.size()) / 10;
}

}  // namespace

TEST_CASE("the random delay of a trigger is two to three rows, and rows take longer at a lower frame rate") {
    for (const int width : {528, 2048}) {
        for (const double rate_hz : {12.0, 60.0, 500.0}) {
            CAPTURE(width);
            CAPTURE(rate_hz);
            const double row_s = std::max(shortest_row_s(width), 1 / rate_hz / (kHeight + kBlankRows));
            const auto delays = delays_s(rate_hz, width);
            const auto [least, most] = std::minmax_element(delays.begin(), delays.end());
            CHECK(*least >= 2 * row_s - 1e-9);
            CHECK(*most <= 3 * row_s + 1e-9);
            CHECK(*most - *least > 0.9 * row_s);
        }
    }
}

TEST_CASE("with row_time_follows_rate off rows have the shortest time whatever the frame rate is") {
    for (const double rate_hz : {12.0, 500.0}) {
        const auto delays = delays_s(rate_hz, 528, rows_of_one_time());
        const auto [least, most] = std::minmax_element(delays.begin(), delays.end());
        CHECK(*least >= 2 * shortest_row_s(528) - 1e-9);
        CHECK(*most <= 3 * shortest_row_s(528) + 1e-9);
    }
    CHECK(triggered_hz(12, 1000, false, rows_of_one_time()) > 400);
}

TEST_CASE("triggers are accepted at the set frame rate at most, whatever the exposure is") {
    for (const double rate_hz : {15.0, 30.0, 100.0}) {
        for (const double part : {0.002, 0.5, 0.95}) {
            CAPTURE(rate_hz);
            CAPTURE(part);
            const auto accepted_hz = triggered_hz(rate_hz, std::ceil(part * 1e6 / rate_hz), false);
            CHECK(accepted_hz <= rate_hz + 0.1);
            CHECK(accepted_hz >= 0.85 * rate_hz);
        }
    }
}

TEST_CASE(
    "in low-latency mode a trigger waits for exposure and readout: half of the rate with long exposures") {
    for (const double rate_hz : {15.0, 30.0, 100.0}) {
        for (const double part : {0.1, 0.5, 1.0}) {
            CAPTURE(rate_hz);
            CAPTURE(part);
            const auto exposure_us = std::ceil(part * 1e6 / rate_hz);
            const double period_s = exposure_us * 1e-6 + 1 / rate_hz + 10 * shortest_row_s(528);
            const auto accepted_hz = triggered_hz(rate_hz, exposure_us, true);
            CHECK(accepted_hz <= 1 / period_s + 0.1);
            CHECK(accepted_hz >= 1 / (period_s + 250e-6) - 0.1);  // the next trigger comes so late
            if (part == 1.0) CHECK(accepted_hz <= rate_hz / 2);
        }
    }
}

TEST_CASE("a readout fills the period of the frame rate, and the last packet of a frame finds its row read") {
    for (const double rate_hz : {12.0, 60.0}) {
        CAPTURE(rate_hz);
        Triggered t({{"AcquisitionFrameRate", rate_hz}});
        t.software_trigger(100ms);
        t.camera.run_for(1s);
        REQUIRE(t.pins.frames.size() == 1);
        REQUIRE(t.client.complete_blocks() == 1);
        const auto& frame = t.pins.frames[0];
        CHECK(frame.readout_end - frame.end == Time(std::llround(1e9 / rate_hz)));
        CHECK(t.client.blocks.at(1).last_at >= frame.readout_end - 1ms);  // packets leave in bursts
        CHECK(t.client.blocks.at(1).last_at <= frame.readout_end + 1ms);
    }
}

TEST_CASE("a rate that changes during a frame leaves that frame as it was begun") {
    Triggered t({{"AcquisitionFrameRate", 20}});
    t.software_trigger(100ms);
    t.camera.run_until(110ms);  // in its readout
    t.set({{"AcquisitionFrameRate", 200}});
    t.software_trigger(148ms);  // the readout ends at 151 ms, and this trigger is exposed for 1 ms
    t.software_trigger(152ms);
    t.camera.run_for(1s);
    CHECK(t.pins.missed == std::vector<Time>{148ms});
    REQUIRE(t.pins.frames.size() == 2);
    CHECK(t.pins.frames[0].readout_end - t.pins.frames[0].end == 50ms);
    CHECK(t.pins.frames[1].readout_end - t.pins.frames[1].end == 5ms);
}
