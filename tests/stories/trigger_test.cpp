#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/triggered_camera.h"

// Triggers by wire and by command, set up through registers and told to the nanosecond
// (manual 5.5, 5.6, 5.7.1).

using namespace support;

namespace {

using Times = std::vector<Time>;
constexpr double kRisingEdge = 1, kFallingEdge = 0, kReadOut = 0, kOff = 1;
constexpr double kLine1 = 1, kSoftware = 2, kAny = 7;

/// The end of the readout of a frame that is triggered then. The same triggers give the same times.
Time readout_end(Values settings, Time trigger) {
    Triggered probe(settings);
    probe.software_trigger(trigger);
    probe.camera.run_until(trigger + 1s);
    REQUIRE(probe.pins.frames.size() == 1);
    return probe.pins.frames[0].readout_end;
}

/// What the sensor needs to read so many rows of so many columns.
Time rows(double count, int width) {
    return Time(std::llround(count * (0.375 * (width + 16) + 72) / 74.25e6 * 1e9));
}

}  // namespace

TEST_CASE("trigger mode waits, takes one frame for each trigger, and ends into a free run") {
    Triggered t;
    t.camera.run_for(1s);
    CHECK(t.client.blocks.empty());
    t.software_trigger(t.camera.now() + 1ms);
    t.pins.pulse(t.camera.now() + 300ms);
    t.camera.run_for(1s);
    CHECK(t.client.complete_blocks() == 2);
    CHECK(t.client.blocks.size() == 2);
    t.set({{"TriggerMode", 0}});
    t.camera.run_for(1s);
    CHECK(t.client.blocks.size() >= 31);
}

TEST_CASE("a trigger is the rising edge of the line, or the falling one") {
    for (const double activation : {kRisingEdge, kFallingEdge}) {
        Triggered t({{"IMXLowLatencyTriggerMode", 1}, {"TriggerActivation", activation}});
        t.pins.pulse(100ms, 50ms);
        t.camera.run_for(1s);
        CHECK(t.pins.starts() == Times{activation == kRisingEdge ? 100ms : 150ms});
    }
}

TEST_CASE("only the source that is set triggers, and what another one sends is not a missed trigger") {
    for (const double source : {kLine1, kSoftware, kAny}) {
        Triggered t({{"IMXLowLatencyTriggerMode", 1}, {"TriggerSource", source}});
        t.pins.pulse(100ms);
        t.software_trigger(200ms);
        t.camera.run_for(1s);
        Times expected;
        if (source != kSoftware) expected.push_back(100ms);
        if (source != kLine1) expected.push_back(200ms);
        CHECK(t.pins.starts() == expected);
        CHECK(t.client.complete_blocks() == expected.size());
        CHECK(t.pins.missed.empty());
    }
}

TEST_CASE("in low-latency mode a frame carries the stamp of its edge plus the delay, to the nanosecond") {
    for (const double delay_us : {0.0, 0.1, 1234.5, 1'000'000.0}) {
        Triggered t({{"IMXLowLatencyTriggerMode", 1}, {"TriggerDelay", delay_us}});
        const auto delay = Time(static_cast<std::int64_t>(delay_us * 10 + 0.5) * 100);
        Times expected;
        for (int i = 0; i < 5; ++i) {
            const auto edge = 100ms + i * 37ms + i * 1237ns;
            t.pins.pulse(edge);
            expected.push_back(edge + delay);
        }
        t.camera.run_for(2s);
        CHECK(t.pins.starts() == expected);
        REQUIRE(t.client.timestamps().size() == 5);
        for (std::size_t i = 0; i < 5; ++i)
            CHECK(t.client.timestamps()[i] - t.client.timestamps()[0] ==
                  static_cast<std::uint64_t>((expected[i] - expected[0]).count()));
    }
}

TEST_CASE("without low-latency mode a random delay of two to three rows is added, longer for wider images") {
    for (const int width : {528, 2048}) {
        Triggered t({{"IMXLowLatencyTriggerMode", 0}, {"TriggerDelay", 100}});
        t.client.stop();
        t.set({{"Width", width}});
        t.client.start();
        constexpr int kTriggers = 200;
        for (int i = 0; i < kTriggers; ++i) t.pins.pulse(1s + i * 10ms);
        t.camera.run_for(4s);
        REQUIRE(t.pins.frames.size() == kTriggers);
        Times late;
        for (int i = 0; i < kTriggers; ++i)
            late.push_back(t.pins.frames[static_cast<std::size_t>(i)].start - (1s + i * 10ms + 100us));
        const auto [least, most] = std::minmax_element(late.begin(), late.end());
        CHECK(*least >= rows(2, width));
        CHECK(*most <= rows(3, width));
        CHECK(*most - *least > rows(0.9, width));
    }
}

TEST_CASE("a software trigger is not delayed, and independent of the line") {
    Triggered t({{"IMXLowLatencyTriggerMode", 1},
                 {"TriggerDelay", 500'000},
                 {"TriggerDenoise", 1e6},
                 {"TriggerDebouncer", 1e6},
                 {"TriggerMask", 1e6}});
    t.software_trigger(100ms);
    t.software_trigger(110ms);
    t.camera.run_for(1s);
    CHECK(t.pins.starts() == Times{100ms, 110ms});
}

TEST_CASE("low-latency mode forces overlap off for as long as it is on") {
    Triggered t;
    CHECK(t.client.get("TriggerOverlap") == kReadOut);
    // A trigger a microsecond before the readout ends.
    const auto accepts_early = [&](Time at) {
        t.pins.forget();
        t.software_trigger(at);
        t.camera.run_until(at + 500us);
        t.software_trigger(t.pins.frames.at(0).readout_end - 1us);
        t.camera.run_for(50ms);
        CHECK(t.pins.frames.size() + t.pins.missed.size() == 2);
        return t.pins.missed.empty();
    };
    CHECK(accepts_early(100ms));
    t.set({{"IMXLowLatencyTriggerMode", 1}});
    CHECK(t.client.get("TriggerOverlap") == kOff);
    CHECK(t.client.set("TriggerOverlap", kReadOut) == 0x8004);
    CHECK_FALSE(accepts_early(200ms));
    t.set({{"IMXLowLatencyTriggerMode", 0}});
    CHECK(t.client.get("TriggerOverlap") == kReadOut);
    CHECK(accepts_early(300ms));
}

TEST_CASE("with overlap a trigger counts once the rest of the readout is shorter than the exposure") {
    const Values settings{{"TriggerOverlap", kReadOut}, {"ExposureTime", 200}};
    const auto limit = readout_end(settings, 100ms) - 200us;
    for (const Time late : {-1ns, 0ns, 1ns}) {
        Triggered t(settings);
        t.software_trigger(100ms);
        t.software_trigger(limit + late);
        t.camera.run_for(1s);
        CHECK(t.pins.frames.size() == (late > 0ns ? 2 : 1));
        CHECK(t.pins.missed == (late > 0ns ? Times{} : Times{limit + late}));
        CHECK(t.client.complete_blocks() == t.pins.frames.size());
        if (late > 0ns) CHECK(t.pins.frames[1].end >= t.pins.frames[0].readout_end);
    }
}

TEST_CASE("with overlap off a trigger counts once the frame before is read, and ten rows later") {
    const Values settings{{"TriggerOverlap", kOff}};
    const auto idle = readout_end(settings, 100ms) + rows(10, 528);
    for (const Time late : {-1ns, 0ns}) {
        Triggered t(settings);
        t.software_trigger(100ms);
        t.software_trigger(idle + late);
        t.camera.run_for(1s);
        CHECK(t.pins.frames.size() == (late < 0ns ? 1 : 2));
        CHECK(t.pins.missed == (late < 0ns ? Times{idle + late} : Times{}));
    }
}

TEST_CASE("a burst has as many frames as set, as fast as exposure and frame rate allow") {
    struct Row {
        double rate_hz, exposure_us;
        Time period;
    };
    const auto gap = rows(10 - 13.73e-6 * 74.25e6 / (0.375 * 544 + 72), 528);  // less the exposure's offset
    for (const auto& [rate_hz, exposure_us, period] :
         {Row{100, 1000, 10ms}, Row{100, 25'000, 25ms + gap}, Row{20, 25'000, 50ms}}) {
        Triggered t({{"AcquisitionBurstFrameCount", 7},
                     {"AcquisitionFrameRate", rate_hz},
                     {"ExposureTime", exposure_us}});
        t.pins.pulse(100ms);
        t.camera.run_for(2s);
        REQUIRE(t.pins.frames.size() == 7);
        CHECK(t.client.complete_blocks() == 7);
        for (std::size_t i = 1; i < 7; ++i) {
            CHECK(t.pins.frames[i].start - t.pins.frames[i - 1].start == period);
        }
    }
    Triggered thousand({{"AcquisitionBurstFrameCount", 1000}, {"AcquisitionFrameRate", 400}});
    thousand.software_trigger(100ms);
    thousand.camera.run_for(4s);
    CHECK(thousand.client.complete_blocks() == 1000);
}

TEST_CASE("denoise passes pulses of its time and none that is a nanosecond shorter") {
    for (const auto width : {Time(50us - 1ns), Time(50us)}) {
        Triggered t({{"IMXLowLatencyTriggerMode", 1}, {"TriggerDenoise", 50}});
        t.pins.pulse(100ms, width);
        t.camera.run_for(1s);
        CHECK(t.pins.starts() == (width < 50us ? Times{} : Times{100ms + 50us}));
        CHECK(t.pins.missed.empty());
    }
}

TEST_CASE("debounce passes pulses after a low of its time and none that is a nanosecond shorter") {
    for (const auto low : {Time(5ms - 1ns), Time(5ms)}) {
        Triggered t({{"IMXLowLatencyTriggerMode", 1}, {"TriggerDebouncer", 5000}});
        t.pins.pulse(100ms, 1ms);
        t.pins.pulse(101ms + low, 1ms);
        t.camera.run_for(1s);
        CHECK(t.pins.starts() == (low < 5ms ? Times{100ms} : Times{100ms, 106ms}));
        CHECK(t.pins.missed.empty());
    }
}

TEST_CASE("the mask ignores pulses for its time after a trigger and not a nanosecond longer") {
    for (const auto after : {Time(20ms - 1ns), Time(20ms)}) {
        Triggered t({{"IMXLowLatencyTriggerMode", 1}, {"TriggerMask", 20'000}});
        t.pins.pulse(100ms);
        t.pins.pulse(110ms);
        t.pins.pulse(100ms + after);
        t.camera.run_for(1s);
        CHECK(t.pins.starts() == (after < 20ms ? Times{100ms} : Times{100ms, 120ms}));
        CHECK(t.pins.missed.empty());
    }
}

TEST_CASE("with all times of the line at zero every pulse counts, even of a nanosecond") {
    Triggered t({{"IMXLowLatencyTriggerMode", 1}});
    for (const auto* time : {"TriggerDebouncer", "TriggerMask", "TriggerDenoise", "TriggerDelay"})
        CHECK(t.client.get(time) == 0);
    t.pins.pulse(100ms, 1ns);
    t.pins.pulse(110ms, 1ns);
    t.camera.run_for(1s);
    CHECK(t.pins.starts() == Times{100ms, 110ms});
}

TEST_CASE("the input reads 1 while TRIGGER_IN is low, by both of its names, whatever triggers do") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto both = [&](double value) {
        CHECK(client.get("GPIIn") == value);
        CHECK(client.get("GPIn") == value);
    };
    both(1);
    camera.camera.set_trigger_in(true);
    both(0);
    camera.camera.set_trigger_in(false);
    both(1);
}
