#include <doctest/doctest.h>

#include "tests/emulator/acquisition/sequencer_recorder.h"

using namespace sequencer_recorder;

namespace {

Controls burst(std::int64_t count) {
    auto controls = triggered();
    controls.trigger.burst_count = count;
    return controls;
}

Controls frame_set(Controls controls, std::int64_t count) {
    controls.frame_set = {.enabled = true,
                          .frame_count = count,
                          .frame0 = {100, 1},
                          .frame1 = {2000, 2},
                          .frame2 = {3000, 3},
                          .frame3 = {12'000, 4}};
    return controls;
}

}  // namespace

TEST_CASE("a trigger gives exactly as many frames as the burst count says") {
    for (const std::int64_t count : {1, 2, 7, 1000}) {
        for (const bool low : {false, true}) {
            auto controls = burst(count);
            controls.trigger.low_latency = low;
            auto recorder = started(controls);
            recorder.pulse(1ms);
            recorder.run_until(1min);
            CHECK(recorder.frames().size() == static_cast<std::size_t>(count));
            for (const auto& frame : recorder.frames()) CHECK(frame.trigger == 1);
            CHECK(recorder.sequencer.waiting());
            CHECK(!recorder.sequencer.deadline());
        }
    }
}

TEST_CASE("frames of a burst come as fast as the sensor can with overlap") {
    SUBCASE("short exposures wait for the readout") {
        auto recorder = started(burst(5));
        recorder.pulse(1ms);
        recorder.run_until(1s);
        for (std::size_t i = 1; i < 5; ++i)
            CHECK(recorder.frames()[i].end == recorder.frames()[i - 1].readout_end);
    }
    SUBCASE("long exposures follow after the gap") {
        auto controls = burst(5);
        controls.exposure.time_us = 20'000;
        auto recorder = started(controls);
        recorder.pulse(1ms);
        recorder.run_until(1s);
        for (std::size_t i = 1; i < 5; ++i)
            CHECK(recorder.frames()[i].start == recorder.frames()[i - 1].end + kGap);
    }
}

TEST_CASE("without overlap each frame of a burst waits until the sensor is idle") {
    auto controls = burst(5);
    controls.trigger.overlap = TriggerOverlap::off;
    SUBCASE("set off") {}
    SUBCASE("forced off by low-latency mode") {
        controls.trigger = {.on = true, .low_latency = true, .burst_count = 5};
    }
    auto recorder = started(controls);
    recorder.pulse(1ms);
    recorder.run_until(1s);
    for (std::size_t i = 1; i < 5; ++i)
        CHECK(recorder.frames()[i].start == recorder.frames()[i - 1].readout_end + kRest);
}

TEST_CASE("a burst keeps to frame rate, link and throughput limit") {
    auto controls = burst(5);
    controls.sensor.frame_period = 70ms;
    auto recorder = started(controls);
    recorder.pulse(1ms);
    recorder.run_until(1s);
    for (std::size_t i = 1; i < 5; ++i) CHECK(recorder.starts()[i] == recorder.starts()[i - 1] + 70ms);
}

TEST_CASE("triggers during a burst are missed, until the readout of its last frame") {
    auto controls = burst(3);
    auto probe = started(controls);
    probe.pulse(1ms);
    probe.run_until(1s);
    const auto last = probe.frames()[2];
    for (const bool early : {true, false}) {
        auto recorder = started(controls);
        recorder.pulse(1ms);
        recorder.software_trigger(4ms);
        recorder.software_trigger(last.start - 1us);
        recorder.software_trigger(last.readout_end - 2ms + (early ? 0ns : 1ns));
        recorder.run_until(1s);
        CHECK(recorder.missed().size() == (early ? 3 : 2));
        CHECK(recorder.frames().size() == (early ? 3 : 6));
        if (!early) CHECK(recorder.frames()[5].trigger == 2);
    }
}

TEST_CASE("the burst count is that of the trigger's acceptance") {
    auto recorder = started(burst(3));
    recorder.pulse(1ms);
    recorder.change(2ms, [](Controls& c) { c.trigger.burst_count = 1; });
    recorder.run_until(1s);
    CHECK(recorder.frames().size() == 3);
}

TEST_CASE("exposure, gain and rate that change in a burst count from its next frame on") {
    auto controls = burst(6);
    controls.sensor.frame_period = 20ms;
    auto recorder = started(controls);
    recorder.pulse(1ms);
    recorder.change(30ms, [](Controls& c) {
        c.exposure = {.time_us = 5000, .gain_db = 7};
        c.sensor.frame_period = 50ms;
    });
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    REQUIRE(frames.size() == 6);
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(frames[i].shutter.gain_db == (i < 2 ? 0 : 7));
        CHECK(frames[i].end - frames[i].start == (i < 2 ? 2ms : 5ms));
        CHECK(frames[i].trigger == 1);
        if (i > 0) CHECK(frames[i].end - frames[i - 1].end == (i < 2 ? 20ms : 50ms));
    }
}

TEST_CASE("overlap switched off in a burst makes its frames wait for an idle sensor, and on again not") {
    auto recorder = started(burst(12));
    recorder.pulse(1ms);
    recorder.run_until(40ms);
    const auto with_overlap = recorder.frames().size();
    SUBCASE("by itself") {
        recorder.change(40ms, [](Controls& c) { c.trigger.overlap = TriggerOverlap::off; });
    }
    SUBCASE("by low-latency mode") {
        recorder.change(40ms, [](Controls& c) { c.trigger.low_latency = true; });
    }
    recorder.run_until(70ms);
    const auto without = recorder.frames().size();
    recorder.change(70ms, [](Controls& c) {
        c.trigger.overlap = TriggerOverlap::read_out;
        c.trigger.low_latency = false;
    });
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    REQUIRE(frames.size() == 12);
    REQUIRE(with_overlap > 2);
    REQUIRE(without > with_overlap + 1);
    REQUIRE(without < 11);
    for (std::size_t i = 1; i < 12; ++i) {
        const bool waits = i >= with_overlap && i < without;
        CHECK(frames[i].start ==
              (waits ? frames[i - 1].readout_end + kRest : frames[i - 1].readout_end - 2ms));
    }
}

TEST_CASE("source, polarity and delay that change in a burst count for the next trigger alone") {
    auto controls = low_latency();
    controls.trigger.burst_count = 4;
    auto recorder = started(controls);
    recorder.pulse(1ms);
    recorder.change(3ms, [](Controls& c) {
        c.trigger.source = TriggerSource::software;
        c.trigger.activation = TriggerActivation::falling_edge;
        c.trigger.delay_us = 1000;
    });
    recorder.pulse(200ms);
    recorder.run_until(300ms);
    CHECK(recorder.frames().size() == 4);
    CHECK(recorder.missed().empty());
    recorder.change(300ms, [](Controls& c) { c.trigger.source = TriggerSource::line1; });
    recorder.pulse(400ms, 50us);
    recorder.run_until(1s);
    REQUIRE(recorder.frames().size() == 8);
    CHECK(recorder.frames()[4].start == 400ms + 50us + 1ms);
}

TEST_CASE("every trigger in a burst is missed on its own, and the burst loses no frame to them") {
    auto recorder = started(burst(20));
    recorder.pulse(1ms);
    Times early;
    for (int i = 1; i < 100; ++i) {
        early.push_back(1ms + i * 2ms);
        recorder.pulse(early.back());
    }
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    const auto last = frames.at(19);
    CHECK(last.trigger == 1);
    // The burst's last readout takes triggers again in its last 2 ms.
    std::erase_if(early, [&](Time at) { return at > last.readout_end - 2ms; });
    REQUIRE(recorder.missed().size() >= early.size());
    for (std::size_t i = 0; i < early.size(); ++i) CHECK(recorder.missed()[i] == early[i]);
    for (std::size_t i = 1; i < 20; ++i) CHECK(frames[i].end == frames[i - 1].readout_end);
}

TEST_CASE("trigger mode switched off and on again ends a burst with the frame that was planned") {
    auto recorder = started(burst(1000));
    recorder.pulse(1ms);
    recorder.change(2ms, [](Controls& c) { c.trigger.on = false; });
    recorder.change(2ms, [](Controls& c) { c.trigger.on = true; });
    recorder.run_until(10s);
    CHECK(recorder.frames().size() == 2);
    CHECK(recorder.sequencer.waiting());
}

TEST_CASE("a stop in a burst ends it with the exposure that has begun") {
    auto recorder = started(burst(1000));
    recorder.pulse(1ms);
    recorder.command(Command::stop, 100ms);
    recorder.run_until(10s);
    CHECK(recorder.starts().back() <= 100ms);
    CHECK(recorder.times<ReadoutEnd>().size() == recorder.starts().size());
}

TEST_CASE(
    "multi-frame output goes through two or four exposure times, and begins with the first at each start") {
    for (const std::size_t count : {2, 4}) {
        auto recorder = started(frame_set(free_running(50ms), static_cast<std::int64_t>(count)));
        recorder.command(Command::stop, 310ms);  // after seven frames
        recorder.command(Command::start, 1s);
        recorder.run_until(1090ms);
        const auto frames = recorder.frames();
        REQUIRE(frames.size() == 9);
        const Time exposures[] = {100us, 2ms, 3ms, 12ms};
        for (std::size_t i = 0; i < 7; ++i) {
            CHECK(frames[i].shutter.index_in_set == static_cast<int>(i % count));
            CHECK(frames[i].end - frames[i].start == exposures[i % count]);
            CHECK(frames[i].shutter.gain_db == 0);
        }
        CHECK(frames[7].shutter.index_in_set == 0);
        CHECK(frames[8].shutter.index_in_set == 1);
    }
}

TEST_CASE("custom gains go with the exposure times") {
    auto controls = frame_set(free_running(50ms), 4);
    controls.frame_set.custom_gain = true;
    auto recorder = started(controls);
    recorder.run_until(360ms);
    for (const auto& frame : recorder.frames())
        CHECK(frame.shutter.gain_db == frame.shutter.index_in_set + 1);
}

TEST_CASE("each trigger takes the next frame of the set, and a missed one takes none") {
    auto recorder = started(frame_set(low_latency(), 4));
    for (int i = 0; i < 6; ++i) {
        recorder.software_trigger(1ms + 100ms * i);
        recorder.software_trigger(2ms + 100ms * i);
    }
    recorder.run_until(1s);
    REQUIRE(recorder.frames().size() == 6);
    CHECK(recorder.missed().size() == 6);
    for (std::size_t i = 0; i < 6; ++i)
        CHECK(recorder.frames()[i].shutter.index_in_set == static_cast<int>(i % 4));
}

TEST_CASE("overlap is judged with the exposure time that the trigger would have") {
    for (const bool long_next : {false, true}) {
        auto controls = frame_set(triggered(), 2);
        if (long_next) controls.frame_set.frame1.exposure_us = 9000;
        auto recorder = started(controls);
        recorder.software_trigger(1ms);
        recorder.software_trigger(4ms);  // about 7 ms of the readout are left
        recorder.run_until(1s);
        CHECK(recorder.frames().size() == (long_next ? 2 : 1));
    }
}

TEST_CASE("a set with exposures of different lengths has neither overlapping exposures nor readouts") {
    auto recorder = started(frame_set(free_running(0ns), 4));
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    for (std::size_t i = 1; i < frames.size(); ++i) {
        REQUIRE(frames[i].start >= frames[i - 1].end + kGap);
        REQUIRE(frames[i].end >= frames[i - 1].readout_end);
        REQUIRE((frames[i].start == frames[i - 1].end + kGap || frames[i].end == frames[i - 1].readout_end));
    }
}

TEST_CASE(
    "a set that is switched on begins with its first frame, and a smaller count takes the rest of the "
    "division") {
    auto recorder = started(free_running(50ms));
    recorder.run_until(130ms);
    recorder.change(130ms, [](Controls& c) { c = frame_set(c, 4); });
    recorder.run_until(310ms);
    recorder.change(310ms, [](Controls& c) { c.frame_set.frame_count = 2; });
    recorder.run_until(410ms);
    std::vector<int> indices;
    for (const auto& frame : recorder.frames()) indices.push_back(frame.shutter.index_in_set);
    CHECK(indices == std::vector{0, 0, 0, 0, 1, 2, 3, 0, 1});
}
