#include <doctest/doctest.h>

#include "tests/emulator/acquisition/sequencer_recorder.h"

using namespace sequencer_recorder;

namespace {

struct PinEdge {
    Time at{};
    bool high = false;
    bool operator==(const PinEdge&) const = default;
};
using PinEdges = std::vector<PinEdge>;

/// Edges of the pin from this time on.
PinEdges pin(const SequencerRecorder& recorder, Time from = 1ns) {
    PinEdges edges;
    for (const auto& output : recorder.outputs) {
        const auto* edge = std::get_if<StrobeEdge>(&output.what);
        if (edge && output.at >= from) edges.push_back({output.at, edge->high});
    }
    return edges;
}

Controls strobed(StrobePolarity polarity = StrobePolarity::active_high) {
    auto controls = low_latency();
    controls.strobe.enabled = true;
    controls.strobe.polarity = polarity;
    return controls;
}

}  // namespace

TEST_CASE("the strobe is active from the first to the last nanosecond of exposure, in either polarity") {
    for (const auto polarity : {StrobePolarity::active_high, StrobePolarity::active_low}) {
        const auto active = polarity == StrobePolarity::active_high;
        for (const double exposure_us : {20.0, 2000.0, 123'457.0}) {
            auto controls = strobed(polarity);
            controls.exposure.time_us = exposure_us;
            auto recorder = started(controls);
            CHECK(recorder.sequencer.strobe_high() == !active);
            recorder.software_trigger(1ms);
            recorder.run_until(1s);
            REQUIRE(recorder.frames().size() == 1);
            CHECK(pin(recorder) ==
                  PinEdges{{recorder.starts()[0], active}, {recorder.times<ExposureEnd>()[0], !active}});
            CHECK(recorder.starts()[0] == 1ms);
        }
    }
}

TEST_CASE("without low-latency mode the strobe follows the exposure, not the trigger") {
    auto controls = strobed();
    controls.trigger.low_latency = false;
    auto recorder = started(controls);
    recorder.software_trigger(1ms);
    recorder.run_until(1s);
    CHECK(recorder.starts()[0] > 1ms);
    CHECK(pin(recorder) == PinEdges{{recorder.starts()[0], true}, {recorder.times<ExposureEnd>()[0], false}});
}

TEST_CASE("strobe delay moves the pulse and keeps its length") {
    for (const std::int64_t delay_us : {1, 500, 2000, 32'767}) {
        auto controls = strobed();
        controls.strobe.delay_us = delay_us;
        auto recorder = started(controls);
        recorder.software_trigger(1ms);
        recorder.run_until(1s);
        const auto begin = 1ms + std::chrono::microseconds(delay_us);
        CHECK(pin(recorder) == PinEdges{{begin, true}, {begin + 2ms, false}});
    }
}

TEST_CASE("a fixed duration is kept whatever the exposure is, in either polarity and with any delay") {
    for (const auto polarity : {StrobePolarity::active_high, StrobePolarity::active_low}) {
        for (const std::int64_t duration_us : {1, 100, 32'767}) {
            for (const std::int64_t delay_us : {0, 77}) {
                auto controls = strobed(polarity);
                controls.strobe.operation = StrobeOperation::fixed_duration;
                controls.strobe.duration_us = duration_us;
                controls.strobe.delay_us = delay_us;
                auto recorder = started(controls);
                recorder.software_trigger(1ms);
                recorder.run_until(1s);
                const auto begin = 1ms + std::chrono::microseconds(delay_us);
                const auto active = polarity == StrobePolarity::active_high;
                CHECK(pin(recorder) ==
                      PinEdges{{begin, active}, {begin + std::chrono::microseconds(duration_us), !active}});
            }
        }
    }
}

TEST_CASE("the pin follows exposures that begin while the frame before is read, in every mode") {
    for (const auto polarity : {StrobePolarity::active_high, StrobePolarity::active_low}) {
        for (const auto operation : {StrobeOperation::exposure, StrobeOperation::fixed_duration}) {
            for (const std::int64_t delay_us :
                 {0, 50, 11'000, 32'767}) {  // within, and beyond the next frames
                for (const bool gp_out : {false, true}) {
                    auto controls = strobed(polarity);
                    controls.trigger.low_latency = false;
                    controls.trigger.burst_count = 6;
                    controls.exposure.time_us = 9950;  // 90 us between two exposures
                    controls.strobe.operation = operation;
                    controls.strobe.delay_us = delay_us;
                    controls.strobe.gp_out = gp_out;
                    auto recorder = started(controls);
                    recorder.pulse(1ms);
                    recorder.run_until(1s);
                    PinEdges expected;
                    for (const auto& frame : recorder.frames()) {
                        const auto active = polarity == StrobePolarity::active_high;
                        const auto begin = frame.start + std::chrono::microseconds(delay_us);
                        const auto length =
                            operation == StrobeOperation::exposure ? Time(9950us) : Time(100us);
                        expected.push_back({begin, active});
                        expected.push_back({begin + length, !active});
                    }
                    REQUIRE(recorder.frames().size() == 6);
                    CHECK(recorder.frames()[1].start == recorder.frames()[0].end + kGap);
                    CHECK(pin(recorder) == expected);
                }
            }
        }
    }
}

TEST_CASE("a pulse of no length is no pulse") {
    auto controls = strobed();
    controls.strobe.operation = StrobeOperation::fixed_duration;
    controls.strobe.duration_us = 0;
    auto recorder = started(controls);
    recorder.software_trigger(1ms);
    recorder.run_until(1s);
    CHECK(pin(recorder).empty());
}

TEST_CASE("every frame of a burst and of a free run has its own pulse") {
    auto controls = free_running();
    controls.strobe = {.enabled = true, .polarity = StrobePolarity::active_high};
    auto recorder = started(controls);
    recorder.run_until(95ms);
    CHECK(recorder.frames().size() == 5);
    const auto edges = pin(recorder);
    REQUIRE(edges.size() == 10);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(edges[2 * i] == PinEdge{recorder.frames()[i].start, true});
        CHECK(edges[2 * i + 1] == PinEdge{recorder.frames()[i].end, false});
    }
}

TEST_CASE("pulses that overlap are one, and so are pulses that touch") {
    Strobe strobe;
    StrobeSettings settings{.enabled = true,
                            .polarity = StrobePolarity::active_high,
                            .operation = StrobeOperation::fixed_duration};
    const auto edges = [&] {
        PinEdges found;
        for (auto due = strobe.deadline(); due; due = strobe.deadline()) {
            if (const auto high = strobe.update(settings, *due)) found.push_back({*due, *high});
        }
        return found;
    };
    strobe.on_exposure(1000us, 1020us, settings);
    SUBCASE("apart by a nanosecond") {
        strobe.on_exposure(1100us + 1ns, 1200us, settings);
        CHECK(edges() ==
              PinEdges{{1000us, true}, {1100us, false}, {1100us + 1ns, true}, {1200us + 1ns, false}});
    }
    SUBCASE("touching") {
        strobe.on_exposure(1100us, 1200us, settings);
        CHECK(edges() == PinEdges{{1000us, true}, {1200us, false}});
    }
    SUBCASE("overlapping") {
        strobe.on_exposure(1050us, 1200us, settings);
        CHECK(edges() == PinEdges{{1000us, true}, {1150us, false}});
    }
    SUBCASE("a long one swallows several") {
        strobe.on_exposure(1300us, 1310us, settings);
        settings.duration_us = 1000;
        strobe.on_exposure(900us, 910us, settings);
        CHECK(edges() == PinEdges{{900us, true}, {1900us, false}});
    }
    SUBCASE("a shorter delay lets a later exposure flash first") {
        settings.delay_us = 1000;
        strobe.on_exposure(2000us, 2010us, settings);
        settings.delay_us = 0;
        strobe.on_exposure(2500us, 2510us, settings);
        CHECK(edges() == PinEdges{{1000us, true},
                                  {1100us, false},
                                  {2500us, true},
                                  {2600us, false},
                                  {3000us, true},
                                  {3100us, false}});
    }
}

TEST_CASE("pulses longer than the frame period keep the strobe on until the last of them ends") {
    auto controls = free_running();
    controls.strobe = {.enabled = true,
                       .polarity = StrobePolarity::active_high,
                       .operation = StrobeOperation::fixed_duration,
                       .duration_us = 30'000};
    auto recorder = started(controls);
    recorder.command(Command::stop, 90ms);
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    REQUIRE(frames.size() == 5);
    CHECK(pin(recorder) == PinEdges{{frames[0].start, true}, {frames[4].start + 30ms, false}});
}

TEST_CASE("while the strobe is disabled the pin follows the general purpose output") {
    auto recorder = started(low_latency());
    CHECK(!recorder.sequencer.strobe_high());
    recorder.change(1ms, [](Controls& c) { c.strobe.gp_out = true; });
    recorder.software_trigger(2ms);
    recorder.run_until(20ms);
    recorder.change(30ms, [](Controls& c) { c.strobe.gp_out = false; });
    CHECK(pin(recorder) == PinEdges{{1ms, true}, {30ms, false}});
    // Polarity is the strobe's alone.
    recorder.change(31ms, [](Controls& c) { c.strobe.polarity = StrobePolarity::active_high; });
    CHECK(pin(recorder).size() == 2);
}

TEST_CASE("while the strobe is enabled the general purpose output does nothing") {
    auto recorder = started(strobed());
    recorder.change(1ms, [](Controls& c) { c.strobe.gp_out = true; });
    CHECK(pin(recorder).empty());
    recorder.change(2ms, [](Controls& c) { c.strobe.enabled = false; });
    CHECK(pin(recorder) == PinEdges{{2ms, true}});
}

TEST_CASE("a strobe that is disabled in a pulse ends it, and one enabled in an exposure waits for the next") {
    auto recorder = started(strobed());
    recorder.software_trigger(1ms);
    recorder.change(2ms, [](Controls& c) { c.strobe.enabled = false; });
    recorder.change(2500us, [](Controls& c) { c.strobe.enabled = true; });
    recorder.software_trigger(100ms);
    recorder.run_until(1s);
    CHECK(pin(recorder) == PinEdges{{1ms, true}, {2ms, false}, {100ms, true}, {102ms, false}});
}

TEST_CASE("an exposure that begins while the strobe is disabled has no pulse") {
    Strobe strobe;
    strobe.on_exposure(1ms, 2ms, {.enabled = false});
    CHECK(!strobe.deadline());
}

TEST_CASE("polarity turns the pin over at once") {
    auto recorder = started(strobed());
    recorder.software_trigger(1ms);
    recorder.change(2ms, [](Controls& c) { c.strobe.polarity = StrobePolarity::active_low; });
    recorder.run_until(1s);
    CHECK(pin(recorder) == PinEdges{{1ms, true}, {2ms, false}, {3ms, true}});
}

TEST_CASE("duration and delay count as they are when the exposure begins") {
    auto recorder = started(strobed());
    recorder.software_trigger(1ms);
    recorder.change(1500us, [](Controls& c) {
        c.strobe = {.enabled = true,
                    .polarity = StrobePolarity::active_high,
                    .operation = StrobeOperation::fixed_duration,
                    .delay_us = 5};
    });
    recorder.software_trigger(100ms);
    recorder.run_until(1s);
    CHECK(pin(recorder) == PinEdges{{1ms, true}, {3ms, false}, {100'005us, true}, {100'105us, false}});
}

TEST_CASE("the strobe of an exposure goes on after acquisition has stopped") {
    auto controls = strobed();
    controls.strobe.delay_us = 10'000;
    auto recorder = started(controls);
    recorder.software_trigger(1ms);
    recorder.command(Command::stop, 2ms);
    recorder.run_until(1s);
    CHECK(pin(recorder) == PinEdges{{11ms, true}, {13ms, false}});
}
