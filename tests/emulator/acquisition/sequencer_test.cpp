#include <doctest/doctest.h>

#include <algorithm>

#include "tests/emulator/acquisition/sequencer_recorder.h"

using namespace sequencer_recorder;

namespace {

Controls real(const emulator::Settings& settings = {}) {
    return {.trigger = {},
            .strobe = {},
            .exposure = settings.exposure,
            .frame_set = {},
            .sensor = sensor_timing({}, settings)};
}

}  // namespace

TEST_CASE("free running frames follow each other in exactly the frame period") {
    emulator::Settings settings;
    for (const double exposure_us : {20.0, 1000.0, 27'123.0, 33'333.0, 50'000.0}) {
        for (const bool limited : {false, true}) {
            settings.exposure.time_us = exposure_us;
            settings.acquisition = {.frame_rate_hz = 36,
                                    .throughput_limited = limited,
                                    .throughput_limit_bytes_per_s = 60'000'000};
            auto recorder = started(real(settings));
            recorder.run_until(2s);
            const auto starts = recorder.starts();
            REQUIRE(starts.size() > 10);
            CHECK(starts[0] == 25us);
            for (std::size_t i = 1; i < starts.size(); ++i) {
                REQUIRE(starts[i] - starts[i - 1] == frame_period({}, settings));
            }
        }
    }
}

TEST_CASE("the sensor's timing leaves exposure aside, which may change from frame to frame") {
    emulator::Settings settings;
    settings.exposure.time_us = 20;
    const auto period = sensor_timing({}, settings).frame_period;
    settings.exposure.time_us = 1e6;
    CHECK(sensor_timing({}, settings).frame_period == period);
    CHECK(period == 33'333'333ns);
}

TEST_CASE("a stream slower than the link stretches the period, never the exposure or the readout") {
    const emulator::Settings settings;
    auto controls = real(settings);
    controls.sensor = sensor_timing({}, settings, 70ms);
    auto recorder = started(controls);
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    CHECK(frames[1].start - frames[0].start == 70ms);
    CHECK(frames[0].end - frames[0].start == 33'333us);
    CHECK(frames[0].readout_end - frames[0].end == sensor_timing({}, settings).readout);
}

TEST_CASE("while a frame is read the next is exposed") {
    auto controls = free_running(0ns);
    controls.exposure.time_us = 9950;  // longer than the readout together with the gap
    auto recorder = started(controls);
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    CHECK(frames[1].start == frames[0].end + kGap);
    CHECK(frames[1].start < frames[0].readout_end);
    CHECK(frames[1].end >= frames[0].readout_end);
}

TEST_CASE("readouts never overlap: a short exposure waits so that it ends with the readout before it") {
    auto recorder = started(free_running(0ns));
    recorder.run_until(1s);
    const auto frames = recorder.frames();
    for (std::size_t i = 1; i < frames.size(); ++i) REQUIRE(frames[i].end == frames[i - 1].readout_end);
}

TEST_CASE("each frame has start, end and readout at their times") {
    auto recorder = started(low_latency());
    recorder.software_trigger(1ms);
    recorder.run_until(1s);
    CHECK(recorder.starts() == Times{1ms});
    CHECK(recorder.times<ExposureEnd>() == Times{3ms});
    CHECK(recorder.times<ReadoutEnd>() == Times{13ms});
    CHECK(!recorder.sequencer.deadline());
}

TEST_CASE("a call that comes late changes no stamp") {
    auto controls = free_running();
    controls.strobe.enabled = true;
    auto prompt = started(controls);
    prompt.run_until(1s);
    Sequencer late(1);
    Outputs outputs = late.on_settings(controls, 0ns);
    for (const auto& output : late.on_command(Command::start, controls, 0ns)) outputs.push_back(output);
    for (const auto& output : late.expire(controls, 1s)) outputs.push_back(output);
    REQUIRE(outputs.size() == prompt.outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        CHECK(outputs[i].at == prompt.outputs[i].at);
        CHECK(outputs[i].what.index() == prompt.outputs[i].what.index());
    }
}

TEST_CASE("an exposure that has begun when acquisition stops is finished and read, and none follows") {
    auto recorder = started(free_running());
    recorder.command(Command::stop, 21ms);
    CHECK(!recorder.sequencer.running());
    recorder.run_until(1s);
    CHECK(recorder.starts() == Times{25us, 20'025us});
    CHECK(recorder.times<ExposureEnd>().size() == 2);
    CHECK(recorder.times<ReadoutEnd>().size() == 2);
}

TEST_CASE("a new start breaks off the exposure of the run before it, and the sensor begins anew") {
    for (const bool on : {false, true}) {
        CAPTURE(on);
        auto controls = free_running(100ms);
        controls.exposure.time_us = 50'000;
        controls.strobe.enabled = true;
        auto recorder = started(controls);
        recorder.command(Command::stop, 1ms);
        recorder.change(1ms, [&](Controls& c) {
            c.exposure.time_us = 2000;
            c.trigger.on = on;
        });
        recorder.command(Command::start, 1500us);
        if (on) recorder.software_trigger(1500us);
        recorder.run_until(50ms);
        const auto frames = recorder.frames();
        REQUIRE(frames.size() == 2);
        CHECK(frames[1].number == 1);
        CHECK(frames[1].start >= 1500us + 2 * kRow);
        CHECK(frames[1].start <= 1500us + 3 * kRow);
        CHECK(recorder.times<FrameDropped>() == Times{1500us});
        CHECK(recorder.times<ExposureEnd>() == Times{frames[1].end});
        CHECK(recorder.times<ReadoutEnd>() == Times{frames[1].readout_end});
        const auto pulses = recorder.times<StrobeEdge>();  // the first is the idle level
        REQUIRE(pulses.size() == 5);
        CHECK(Times(pulses.begin() + 1, pulses.end()) == Times{25us, 1500us, frames[1].start, frames[1].end});
    }
}

TEST_CASE("a new start lets a frame that already leaves be read, and breaks off the readout of another") {
    for (const bool leaves : {false, true}) {
        CAPTURE(leaves);
        auto controls = free_running(100ms);
        controls.sensor.transfer_delay = leaves ? 1ms : 5ms;
        controls.sensor.transfer = 1ms;
        auto recorder = started(controls);
        recorder.command(Command::stop, 1ms);
        recorder.command(Command::start, 5ms);  // 3 ms into the readout
        recorder.run_until(50ms);
        const auto frames = recorder.frames();
        REQUIRE(frames.size() == 2);
        CHECK(frames[1].start == (leaves ? frames[0].readout_end - 2ms : 5025us));
        CHECK(recorder.times<ReadoutEnd>().size() == (leaves ? 2 : 1));
        CHECK(recorder.times<FrameDropped>().empty());
    }
}

TEST_CASE("a trigger is missed while as many frames wait to be sent as may, and a free run waits") {
    for (const std::size_t limit : {1, 2, 4, 32}) {
        CAPTURE(limit);
        auto controls = low_latency();
        controls.frames_waiting = limit;
        controls.exposure.time_us = 100;
        controls.sensor = {.row = 1us, .readout = 1ms, .rest = 10us, .transfer = 20ms};
        auto recorder = started(controls);
        for (Time now = 1ms; now < 2s; now += 1ms) {
            const auto before = recorder.missed().size();
            recorder.software_trigger(now);
            const auto frames = recorder.frames();
            const auto waiting =
                static_cast<std::size_t>(std::count_if(frames.begin(), frames.end(), [&](const Frame& f) {
                    return f.start < now && f.transfer_start > now;
                }));
            REQUIRE(waiting <= limit);
            if (waiting == limit) CHECK(recorder.missed().size() == before + 1);
        }
        CHECK(recorder.frames().size() == doctest::Approx(100 + limit).epsilon(0.02));
        // The frames that wait are sent before a free run goes on.
        recorder.change(2s, [](Controls& c) { c.trigger.on = false; });
        const auto triggered = recorder.frames().size();
        recorder.run_until(3s);
        const auto frames = recorder.frames();
        REQUIRE(frames.size() > triggered + 8);
        for (auto i = triggered; i < frames.size(); ++i) {
            CHECK(frames[i].start >= frames[i - limit].transfer_start);
            CHECK(frames[i].transfer_start >= frames[i - 1].transfer_start + 20ms);
        }
    }
}

TEST_CASE("start and stop twice are start and stop once") {
    auto recorder = started(free_running());
    recorder.command(Command::start, 5ms);
    recorder.run_until(30ms);
    CHECK(recorder.starts() == Times{25us, 20'025us});
    recorder.command(Command::stop, 31ms);
    recorder.command(Command::stop, 32ms);
    recorder.run_until(1s);
    CHECK(recorder.starts().size() == 2);
}

TEST_CASE("a faster rate acts on the frame that is waited for, a slower one too") {
    auto recorder = started(free_running(100ms));
    const auto rate = [](Time period) { return [=](Controls& c) { c.sensor.frame_period = period; }; };
    recorder.change(30ms, rate(40ms));
    recorder.change(50ms, rate(200ms));
    recorder.change(210ms, rate(20ms));
    recorder.run_until(211ms);
    CHECK(recorder.starts() == Times{25us, 40'025us, 210ms});
}

TEST_CASE("a frame is exposed as the settings are when it begins") {
    auto recorder = started(free_running());
    recorder.change(1ms, [](Controls& c) { c.exposure = {.time_us = 500, .gain_db = 6}; });
    recorder.run_until(30ms);
    const auto frames = recorder.frames();
    CHECK(frames[0].end - frames[0].start == 2ms);
    CHECK(frames[0].shutter.gain_db == 0);
    CHECK(frames[1].end - frames[1].start == 500us);
    CHECK(frames[1].shutter.exposure_us == 500);
    CHECK(frames[1].shutter.gain_db == 6);
}

TEST_CASE("an exposure shortened without notice does not make readouts overlap") {
    auto controls = free_running(0ns);
    controls.exposure.time_us = 9000;
    auto recorder = started(controls);
    recorder.run_until(10ms);
    recorder.controls.exposure.time_us = 20;  // automatic exposure writes at any time
    recorder.run_until(100ms);
    const auto frames = recorder.frames();
    for (std::size_t i = 1; i < frames.size(); ++i) REQUIRE(frames[i].end >= frames[i - 1].readout_end);
}

TEST_CASE("trigger mode ends a free run, and its end begins one") {
    auto recorder = started(free_running());
    recorder.change(30ms, [](Controls& c) { c.trigger.on = true; });
    recorder.run_until(1s);
    CHECK(recorder.starts().size() == 2);
    CHECK(recorder.sequencer.waiting());
    recorder.change(1s, [](Controls& c) { c.trigger.on = false; });
    recorder.run_until(1030ms);
    CHECK(recorder.starts() == Times{25us, 20'025us, 1s, 1020ms});
}

TEST_CASE("every edge of the line is reported, whether it triggers or not") {
    SequencerRecorder recorder(triggered());
    recorder.pulse(1ms, 5us);
    recorder.edge(false, 2ms);
    CHECK(recorder.times<LineEdge>() == Times{1ms, 1005us});
    CHECK(recorder.starts().empty());
    CHECK(!recorder.sequencer.line_high());
}
