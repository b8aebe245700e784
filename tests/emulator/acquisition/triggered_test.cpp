#include <doctest/doctest.h>

#include <algorithm>

#include "tests/emulator/acquisition/sequencer_recorder.h"

using namespace sequencer_recorder;

namespace {

Controls overlapping(Time exposure) {
    auto controls = triggered();
    controls.exposure.time_us = static_cast<double>(exposure.count()) / 1000;
    return controls;
}

}  // namespace

TEST_CASE("in low-latency mode the exposure begins exactly one trigger delay after the edge") {
    for (const double delay_us : {0.0, 0.1, 4.0, 12'345.6, 1e6}) {
        auto controls = low_latency();
        controls.trigger.delay_us = delay_us;
        auto recorder = started(controls);
        const auto delay = Time(static_cast<std::int64_t>(delay_us * 10 + 0.5) * 100);
        for (int i = 0; i < 5; ++i) recorder.pulse(1ms + 7s * i + 1ns * i);
        recorder.run_until(1h);
        const auto starts = recorder.starts();
        REQUIRE(starts.size() == 5);
        for (int i = 0; i < 5; ++i)
            CHECK(starts[static_cast<std::size_t>(i)] == 1ms + 7s * i + 1ns * i + delay);
    }
}

TEST_CASE("otherwise it begins two to three rows later, spread evenly, the same for the same seed") {
    const auto latencies = [](std::uint64_t seed) {
        auto controls = triggered();
        controls.trigger.delay_us = 100;
        auto recorder = started(controls, seed);
        Times found;
        for (int i = 0; i < 1000; ++i) recorder.pulse(1ms + 20ms * i);
        recorder.run_until(1h);
        const auto starts = recorder.starts();
        REQUIRE(starts.size() == 1000);
        for (int i = 0; i < 1000; ++i)
            found.push_back(starts[static_cast<std::size_t>(i)] - (1ms + 20ms * i + 100us));
        return found;
    };
    const auto first = latencies(1);
    Time sum{};
    for (const auto latency : first) {
        CHECK(latency >= 2 * kRow);
        CHECK(latency <= 3 * kRow);
        sum += latency;
    }
    // The mean of 1000 even draws of 0 to 10 us has a standard deviation of 91 ns: five of them.
    CHECK(std::abs((sum / 1000 - 25us).count()) < 460);
    CHECK(*std::min_element(first.begin(), first.end()) < 20'100ns);
    CHECK(*std::max_element(first.begin(), first.end()) > 29'900ns);
    CHECK(latencies(1) == first);
    CHECK(latencies(2) != first);
}

TEST_CASE("a software trigger skips denoise, debounce, mask and delay") {
    auto controls = low_latency();
    controls.trigger.delay_us = controls.trigger.denoise_us = controls.trigger.debounce_us =
        controls.trigger.mask_us = 1e6;
    auto recorder = started(controls);
    recorder.software_trigger(1ms);
    recorder.software_trigger(20ms);
    recorder.run_until(500ms);
    CHECK(recorder.starts() == Times{1ms, 20ms});
}

TEST_CASE("an action is delayed, and skips the conditioning of the line") {
    auto controls = low_latency();
    controls.trigger.denoise_us = controls.trigger.debounce_us = controls.trigger.mask_us = 1e6;
    controls.trigger.delay_us = 100;
    auto recorder = started(controls);
    recorder.command(Command::action_trigger, 1ms);
    recorder.command(Command::action_trigger, 20ms);
    recorder.run_until(500ms);
    CHECK(recorder.starts() == Times{1100us, 20'100us});
}

TEST_CASE("only the chosen source triggers, and the others are not missed triggers") {
    using S = TriggerSource;
    for (const auto source : {S::line1, S::software, S::action0, S::any}) {
        auto controls = low_latency();
        controls.trigger.source = source;
        auto recorder = started(controls);
        recorder.pulse(100ms);
        recorder.software_trigger(200ms);
        recorder.command(Command::action_trigger, 300ms);
        recorder.run_until(1s);
        Times expected;
        if (source == S::line1 || source == S::any) expected.push_back(100ms);
        if (source == S::software || source == S::any) expected.push_back(200ms);
        if (source == S::action0 || source == S::any) expected.push_back(300ms);
        CHECK(recorder.starts() == expected);
        CHECK(recorder.missed().empty());
    }
}

TEST_CASE("with trigger mode off nothing triggers") {
    auto recorder = started(free_running(1h));
    recorder.pulse(100ms);
    recorder.software_trigger(200ms);
    recorder.command(Command::action_trigger, 300ms);
    recorder.run_until(1s);
    CHECK(recorder.starts() == Times{25us});
    CHECK(recorder.missed().empty());
}

TEST_CASE("edges before the start are neither triggers nor missed, and leave no mask") {
    auto controls = low_latency();
    controls.trigger.mask_us = 1e6;
    SequencerRecorder recorder(controls);
    recorder.pulse(1ms);
    recorder.software_trigger(2ms);
    recorder.command(Command::start, 3ms);
    recorder.pulse(4ms);
    recorder.run_until(1s);
    CHECK(recorder.starts() == Times{4ms});
    CHECK(recorder.missed().empty());
}

TEST_CASE("a line that is active when acquisition starts must come again") {
    for (const double denoise_us : {0.0, 5000.0}) {
        auto controls = low_latency();
        controls.trigger.denoise_us = denoise_us;
        SequencerRecorder recorder(controls);
        recorder.edge(true, 1ms);
        recorder.command(Command::start, 2ms);
        recorder.run_until(1s);
        CHECK(recorder.starts().empty());
    }
}

TEST_CASE("a stop ends delays, plans and bursts; a start does not bring them back") {
    auto controls = low_latency();
    controls.trigger.delay_us = 5000;
    controls.trigger.burst_count = 10;
    auto recorder = started(controls);
    SUBCASE("in the delay") {
        recorder.pulse(1ms);
        recorder.command(Command::stop, 2ms);
    }
    SUBCASE("in the first exposure of a burst") {
        recorder.pulse(1ms);
        recorder.command(Command::stop, 7ms);
    }
    const auto before = recorder.starts().size();
    recorder.command(Command::start, 8ms);
    recorder.run_until(1s);
    CHECK(recorder.starts().size() == before);
}

TEST_CASE("a stop between trigger and exposure leaves no exposure") {
    auto recorder = started(triggered());
    recorder.software_trigger(1ms);
    recorder.command(Command::stop, 1ms + 5us);
    recorder.run_until(1s);
    CHECK(recorder.starts().empty());
}

TEST_CASE("without overlap a trigger is accepted once the sensor is idle, and missed a nanosecond before") {
    for (const bool low : {true, false}) {
        auto controls = triggered();
        controls.trigger.low_latency = low;
        controls.trigger.overlap = TriggerOverlap::off;
        auto first = started(controls);
        first.software_trigger(1ms);
        first.run_until(1s);
        const auto idle = first.frames()[0].readout_end + kRest;
        for (const Time early : {1ns, 0ns, -1ns}) {
            auto recorder = started(controls);
            recorder.software_trigger(1ms);
            recorder.software_trigger(idle - early);
            recorder.run_until(1s);
            CHECK(recorder.starts().size() == (early > 0ns ? 1 : 2));
            CHECK(recorder.missed() == (early > 0ns ? Times{idle - early} : Times{}));
        }
    }
}

TEST_CASE("with overlap a trigger is accepted when less of the readout is left than the exposure takes") {
    for (const Time exposure : {Time(1ms), Time(2ms), Time(9999us)}) {
        auto first = started(overlapping(exposure));
        first.software_trigger(1ms);
        first.run_until(1s);
        const auto readout_end = first.frames()[0].readout_end;
        for (const Time late : {-1ns, 0ns, 1ns}) {
            auto recorder = started(overlapping(exposure));
            recorder.software_trigger(1ms);
            const auto at = readout_end - exposure + late;
            recorder.software_trigger(at);
            recorder.run_until(1s);
            CHECK(recorder.frames().size() == (late > 0ns ? 2 : 1));
            CHECK(recorder.missed() == (late > 0ns ? Times{} : Times{at}));
            if (late > 0ns) {
                const auto second = recorder.frames()[1];
                CHECK(second.start < readout_end);
                CHECK(second.end >= readout_end);
                CHECK(second.start - at >= 2 * kRow);
            }
        }
    }
}

TEST_CASE(
    "with overlap no trigger is accepted during an exposure, and one at its end is, if that is long enough") {
    for (const Time exposure : {Time(10ms), Time(11ms)}) {
        auto first = started(overlapping(exposure));
        first.software_trigger(1ms);
        first.run_until(1s);
        const auto end = first.frames()[0].end;
        for (const Time late : {-1ns, 0ns}) {
            auto recorder = started(overlapping(exposure));
            recorder.software_trigger(1ms);
            recorder.software_trigger(end + late);
            recorder.run_until(1s);
            const auto accepted = late == 0ns && exposure > kReadout;
            REQUIRE(recorder.frames().size() == (accepted ? 2 : 1));
            if (accepted) CHECK(recorder.frames()[1].start == end + kGap);
        }
    }
}

TEST_CASE("a trigger between another one and its exposure is missed") {
    auto recorder = started(triggered());
    recorder.software_trigger(1ms);
    recorder.software_trigger(1ms);
    recorder.software_trigger(1ms + 19us);
    recorder.run_until(1s);
    CHECK(recorder.starts().size() == 1);
    CHECK(recorder.missed() == Times{1ms, 1ms + 19us});
}

TEST_CASE("a delayed trigger is judged when it reaches the sensor") {
    auto controls = low_latency();
    controls.trigger.delay_us = 5000;
    auto recorder = started(controls);
    recorder.pulse(0ns + 1us);             // exposes from 5.001 ms, idle from 17.101 ms
    recorder.pulse(12'101us - 1ns - 2us);  // arrives too early
    recorder.pulse(12'101us);              // arrives when the sensor is idle
    recorder.run_until(1s);
    CHECK(recorder.starts() == Times{5001us, 17'101us});
    CHECK(recorder.missed() == Times{17'099us - 1ns});
}

TEST_CASE("a pulse train at just the frame rate loses no frame to jitter") {
    auto controls = triggered();
    controls.sensor.frame_period = 20ms;
    auto recorder = started(controls);
    for (int i = 0; i < 500; ++i) recorder.pulse(1ms + 20ms * i);
    recorder.run_until(20s);
    CHECK(recorder.starts().size() == 500);
    CHECK(recorder.missed().empty());
}

TEST_CASE("frame rate, link and throughput limit do not make a trigger missed") {
    auto controls = triggered();
    controls.sensor.frame_period = 500ms;
    auto recorder = started(controls);
    recorder.software_trigger(1ms);
    recorder.software_trigger(21ms);
    recorder.run_until(1s);
    CHECK(recorder.starts().size() == 2);
}

TEST_CASE("a trigger counts with the settings of the edge, the exposure with those of its acceptance") {
    auto controls = low_latency();
    controls.trigger.delay_us = 1000;
    auto recorder = started(controls);
    recorder.edge(true, 1ms);
    recorder.change(1500us, [](Controls& c) {
        c.trigger.delay_us = 0;
        c.exposure.time_us = 777;
    });
    recorder.run_until(1s);
    REQUIRE(recorder.frames().size() == 1);
    CHECK(recorder.frames()[0].start == 2ms);
    CHECK(recorder.frames()[0].end - recorder.frames()[0].start == 777us);
}

TEST_CASE("trigger mode switched off in the delay leaves no trigger") {
    auto controls = low_latency();
    controls.trigger.delay_us = 1000;
    controls.sensor.frame_period = 1h;
    auto recorder = started(controls);
    recorder.pulse(1ms);
    recorder.change(1500us, [](Controls& c) { c.trigger.on = false; });
    recorder.run_until(1s);
    REQUIRE(recorder.frames().size() == 1);
    CHECK(recorder.frames()[0].start == 1500us);
    CHECK(recorder.frames()[0].trigger == 0);
}

TEST_CASE("the polarity of the line may change between edges") {
    auto recorder = started(low_latency());
    recorder.edge(true, 1ms);
    recorder.change(50ms, [](Controls& c) { c.trigger.activation = TriggerActivation::falling_edge; });
    recorder.edge(false, 100ms);
    recorder.edge(true, 200ms);
    recorder.run_until(1s);
    CHECK(recorder.starts() == Times{1ms, 100ms});
}

TEST_CASE(
    "on the real sensor the shortest period of triggers is exposure, readout and ten rows, or with overlap "
    "the longer") {
    emulator::Settings settings;
    settings.exposure.time_us = 5000;
    settings.acquisition.frame_rate_hz = 100;  // faster than the sensor reads
    const sensor_model::Chip chip;
    auto controls = low_latency();
    controls.sensor = sensor_timing({}, settings);
    controls.exposure = settings.exposure;
    const auto period = 5ms + sensor_model::readout_time(chip, {}) + sensor_model::rest_time(chip, {});
    auto recorder = started(controls);
    for (int i = 0; i < 100; ++i) recorder.software_trigger(1ms + i * period);
    recorder.software_trigger(1ms + 100 * period - 1ns);
    recorder.run_until(10s);
    CHECK(recorder.starts().size() == 100);
    CHECK(recorder.missed().size() == 1);
}
