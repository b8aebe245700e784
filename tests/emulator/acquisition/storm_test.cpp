#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "emulator/acquisition/line.h"
#include "tests/emulator/acquisition/sequencer_recorder.h"
#include "tests/support/wire.h"

// Inputs of any kind at any time, the same for the same seed, and what must be true of the outputs whatever
// they are.

using namespace sequencer_recorder;

namespace {

constexpr int kInputs = 400;

/// What a storm may do beside triggers and exposure settings.
struct Weather {
    bool stops = false;         // acquisition stops and starts
    bool modes_change = false;  // trigger mode and overlap change while it runs
};

double some_us(support::Dice& dice, std::uint64_t below_ns) {
    return static_cast<double>(dice.below(below_ns)) / 1000;
}

void change_exposure(support::Dice& dice, Controls& c) {
    const auto some_exposure = [&] { return 20 + some_us(dice, dice.one_in(3) ? 30'000'000 : 3'000'000); };
    c.exposure = {.time_us = some_exposure(), .gain_db = static_cast<double>(dice.below(48))};
    c.frame_set = {
        .enabled = dice.one_in(2), .frame_count = dice.one_in(2) ? 2 : 4, .custom_gain = dice.one_in(2)};
    for (auto* frame : {&c.frame_set.frame0, &c.frame_set.frame1, &c.frame_set.frame2, &c.frame_set.frame3}) {
        *frame = {.exposure_us = some_exposure(), .gain_db = 1};
    }
    c.sensor.frame_period = dice.one_in(2) ? 0ns : Time(dice.below(25'000'000));
}

void change_trigger(support::Dice& dice, Controls& c) {
    const auto sometimes_us = [&](std::uint64_t below_ns) {
        return dice.one_in(2) ? 0 : some_us(dice, below_ns);
    };
    c.trigger.activation = dice.one_in(4) ? TriggerActivation::falling_edge : TriggerActivation::rising_edge;
    c.trigger.burst_count = dice.one_in(3) ? 1 + static_cast<std::int64_t>(dice.below(6)) : 1;
    c.trigger.delay_us = sometimes_us(20'000'000);
    c.trigger.denoise_us = sometimes_us(50'000);
    c.trigger.debounce_us = sometimes_us(100'000);
    c.trigger.mask_us = sometimes_us(5'000'000);
}

void change_mode(support::Dice& dice, Controls& c) {
    c.trigger.on = !dice.one_in(3);
    c.trigger.low_latency = dice.one_in(3);
    c.trigger.overlap = dice.one_in(3) ? TriggerOverlap::off : TriggerOverlap::read_out;
}

void change_strobe(support::Dice& dice, Controls& c) {
    c.strobe = {.enabled = !dice.one_in(3),
                .polarity = dice.one_in(2) ? StrobePolarity::active_high : StrobePolarity::active_low,
                .operation = dice.one_in(2) ? StrobeOperation::exposure : StrobeOperation::fixed_duration,
                .duration_us = static_cast<std::int64_t>(dice.below(20'000)),
                .delay_us = static_cast<std::int64_t>(dice.below(20'000)),
                .gp_out = dice.one_in(2)};
}

Time some_pause(support::Dice& dice) {
    const std::uint64_t ranges_ns[] = {1, 50'000, 500'000, 5'000'000, 40'000'000};
    return Time(dice.below(ranges_ns[dice.below(5)]));
}

void some_input(support::Dice& dice, SequencerRecorder& recorder, const Weather& weather, Time now) {
    const auto kind = dice.below(20);
    if (kind < 9) return recorder.edge(!recorder.sequencer.line_high(), now);
    if (kind < 13) return recorder.software_trigger(now);
    if (kind < 15) return recorder.command(Command::action_trigger, now);
    if (kind == 15) return recorder.change(now, [&](Controls& c) { change_exposure(dice, c); });
    if (kind == 16) return recorder.change(now, [&](Controls& c) { change_trigger(dice, c); });
    if (kind == 17) return recorder.change(now, [&](Controls& c) { change_strobe(dice, c); });
    if (kind == 18 && weather.modes_change)
        return recorder.change(now, [&](Controls& c) { change_mode(dice, c); });
    if (kind == 19 && weather.stops)
        return recorder.command(recorder.sequencer.running() ? Command::stop : Command::start, now);
}

SequencerRecorder storm(std::uint64_t seed, const Weather& weather) {
    support::Dice dice(seed);
    auto controls = triggered();
    change_mode(dice, controls);
    if (!weather.modes_change) controls.trigger.on = true;
    auto recorder = started(controls, seed);
    auto now = 1ms + Time(dice.below(1000));
    for (int i = 0; i < kInputs; ++i) {
        some_input(dice, recorder, weather, now);
        now += some_pause(dice);
    }
    recorder.command(Command::stop, now + 2s);  // all bursts are over
    recorder.run_until(now + 1h);
    return recorder;
}

std::string text(const Outputs& outputs) {
    std::string lines;
    for (const auto& output : outputs) {
        lines += std::to_string(output.at.count()) + ' ' + std::to_string(output.what.index());
        if (const auto* end = std::get_if<ReadoutEnd>(&output.what))
            lines += ' ' + std::to_string(end->frame.shutter.exposure_us);
        lines += '\n';
    }
    return lines;
}

/// Frames whose exposure was not broken off.
std::vector<Frame> finished(const SequencerRecorder& recorder) {
    auto frames = recorder.frames();
    for (const auto& output : recorder.outputs) {
        const auto* dropped = std::get_if<FrameDropped>(&output.what);
        if (dropped == nullptr) continue;
        const auto broken = std::find_if(frames.begin(), frames.end(),
                                         [&](const Frame& f) { return f.number == dropped->number; });
        REQUIRE(broken != frames.end());
        REQUIRE(output.at >= broken->start);
        REQUIRE(output.at < broken->end);
        frames.erase(broken);
    }
    return frames;
}

/// One exposure at a time, one readout at a time, in order and of the promised length, with the sensor's gap
/// between them.
void check_sensor(const SequencerRecorder& recorder) {
    const auto begun = recorder.frames(), frames = finished(recorder);
    for (std::size_t i = 0; i < begun.size(); ++i) {
        REQUIRE(begun[i].end - begun[i].start == time_from_us(begun[i].shutter.exposure_us));
        REQUIRE(begun[i].readout_end - begun[i].end == kReadout);
        REQUIRE(begun[i].number == i);
    }
    for (std::size_t i = 1; i < frames.size(); ++i) {
        REQUIRE(frames[i].start >= frames[i - 1].end + kGap);
        REQUIRE(frames[i].end >= frames[i - 1].readout_end);
    }
    REQUIRE(recorder.times<ExposureEnd>().size() == frames.size());
    REQUIRE(recorder.times<ReadoutEnd>().size() == frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        REQUIRE(recorder.times<ExposureEnd>()[i] == frames[i].end);
        REQUIRE(recorder.times<ReadoutEnd>()[i] == frames[i].readout_end);
    }
}

void check_stamps(const SequencerRecorder& recorder) {
    for (std::size_t i = 1; i < recorder.outputs.size(); ++i)
        REQUIRE(recorder.outputs[i].at >= recorder.outputs[i - 1].at);
    bool line = false, pin = false;
    for (const auto& output : recorder.outputs) {
        if (const auto* edge = std::get_if<LineEdge>(&output.what)) REQUIRE(edge->high == (line = !line));
        if (const auto* edge = std::get_if<StrobeEdge>(&output.what)) REQUIRE(edge->high == (pin = !pin));
    }
}

}  // namespace

TEST_CASE("no storm makes two exposures or two readouts at once, or stamps out of order") {
    std::size_t frames = 0, missed = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        const auto recorder = storm(seed, {.stops = true, .modes_change = true});
        check_sensor(recorder);
        check_stamps(recorder);
        REQUIRE(recorder.sequencer.waiting());
        REQUIRE(!recorder.sequencer.deadline());
        frames += recorder.frames().size();
        missed += recorder.missed().size();
    }
    CHECK(frames > 5000);
    CHECK(missed > 2000);
}

TEST_CASE(
    "while acquisition runs every accepted trigger has its burst of exposures, and every other trigger is "
    "missed") {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        CAPTURE(seed);
        support::Dice dice(seed);
        auto controls = triggered();
        change_mode(dice, controls);
        controls.trigger.on = true;
        auto recorder = started(controls, seed);
        std::map<std::uint64_t, std::int64_t> bursts;
        std::size_t triggers = 0;
        Time now = 1ms;
        for (int i = 0; i < 200; ++i, now += some_pause(dice)) {
            if (dice.one_in(8)) recorder.change(now, [&](Controls& c) { change_exposure(dice, c); });
            recorder.controls.trigger.burst_count = 1 + static_cast<std::int64_t>(dice.below(4));
            const auto before = recorder.times<TriggerAccepted>().size();
            recorder.software_trigger(now);
            ++triggers;
            if (recorder.times<TriggerAccepted>().size() > before)
                bursts[before + 1] = recorder.controls.trigger.burst_count;
        }
        recorder.run_until(now + 1h);
        CHECK(recorder.times<TriggerAccepted>().size() + recorder.missed().size() == triggers);
        CHECK(bursts.size() == recorder.times<TriggerAccepted>().size());
        for (const auto& frame : recorder.frames()) --bursts[frame.trigger];
        for (const auto& [trigger, left] : bursts) REQUIRE(left == 0);
        check_sensor(recorder);
    }
}

TEST_CASE("without overlap no storm makes an exposure begin before the sensor is idle") {
    int storms = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto recorder = storm(seed, {});
        if (overlap(recorder.controls.trigger) == TriggerOverlap::read_out) continue;
        CAPTURE(seed);
        ++storms;
        const auto frames = recorder.frames();
        for (std::size_t i = 1; i < frames.size(); ++i)
            REQUIRE(frames[i].start >= frames[i - 1].readout_end + kRest);
    }
    CHECK(storms > 30);
}

TEST_CASE(
    "in every storm an exposure begins at its trigger in low-latency mode, and two rows later or more "
    "otherwise") {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto recorder = storm(seed, {.stops = true});
        CAPTURE(seed);
        const auto frames = recorder.frames();
        for (const auto& output : recorder.outputs) {
            const auto* accepted = std::get_if<TriggerAccepted>(&output.what);
            if (!accepted) continue;
            const auto first = std::find_if(frames.begin(), frames.end(),
                                            [&](const Frame& f) { return f.trigger == accepted->trigger; });
            if (first == frames.end()) continue;  // a stop came between
            if (recorder.controls.trigger.low_latency)
                REQUIRE(first->start == output.at);
            else
                REQUIRE(first->start >= output.at + 2 * kRow);
        }
    }
}

TEST_CASE("the same inputs give the same outputs, stamp for stamp") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Weather weather{.stops = true, .modes_change = true};
        CHECK(text(storm(seed, weather).outputs) == text(storm(seed, weather).outputs));
    }
}

TEST_CASE("deadlines that are slept through change nothing") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        support::Dice dice(seed);
        auto controls = triggered();
        change_mode(dice, controls);
        change_exposure(dice, controls);
        change_trigger(dice, controls);
        change_strobe(dice, controls);
        auto prompt = started(controls, seed);
        Sequencer sleepy(seed);
        auto outputs = sleepy.on_settings(controls, 0ns);
        const auto record = [&](const Outputs& more) {
            outputs.insert(outputs.end(), more.begin(), more.end());
        };
        record(sleepy.on_command(Command::start, controls, 0ns));
        Time now{};
        for (int i = 0; i < 200; ++i, now += some_pause(dice)) {
            const auto high = dice.one_in(2);
            prompt.edge(high, now);
            record(sleepy.on_edge(high, controls, now));
        }
        prompt.run_until(now + 1s);
        record(sleepy.expire(controls, now + 1s));
        REQUIRE(text(outputs) == text(prompt.outputs));
    }
}

TEST_CASE("debounce, mask or denoise each make one frame of a bouncing press, at its first or last bounce") {
    const PulseTrain presses{
        .period = 100ms, .width = 40ms, .count = 100, .jitter = 10ms, .bounces = 8, .bounce = 5ms, .seed = 3};
    InputLine line;
    REQUIRE(line.play(presses, 1ms));
    auto controls = low_latency();
    controls.exposure.time_us = 20;
    controls.sensor.readout = 50us;  // so fast that each bounce could be a frame
    const auto frames_of = [&](auto condition) {
        auto conditioned = controls;
        condition(conditioned.trigger);
        auto recorder = started(conditioned);
        auto wire = line;
        for (auto due = wire.deadline(); due; due = wire.deadline()) {
            for (const auto& edge : wire.expire(*due)) recorder.edge(edge.high, edge.at);
        }
        recorder.run_until(1h);
        CHECK(recorder.times<LineEdge>().size() == 100 * 2 * (1 + 2 * 8));
        CHECK(recorder.missed().empty());
        return recorder.starts();
    };
    Times first, last;  // rising edges of each press
    for (std::uint64_t press = 0; press < 100; ++press) {
        Times rising;
        for (const auto& edge : pulse_edges(presses, press)) {
            if (edge.high && edge.at < press * presses.period + 30ms) rising.push_back(1ms + edge.at);
        }
        first.push_back(rising.front());
        last.push_back(rising.back());
    }
    CHECK(frames_of([](TriggerSettings& t) { t.debounce_us = 5000; }) == first);
    CHECK(frames_of([](TriggerSettings& t) { t.mask_us = 50'000; }) == first);
    auto denoised = frames_of([](TriggerSettings& t) { t.denoise_us = 1000; });
    for (auto& start : denoised) start -= 1ms;
    CHECK(denoised == last);
}

TEST_CASE(
    "a bouncing, jittering button gives one frame for each press when debounce is longer than its bounces") {
    InputLine line;
    REQUIRE(line.play({.period = 100ms,
                       .width = 40ms,
                       .count = 100,
                       .jitter = 10ms,
                       .bounces = 8,
                       .bounce = 5ms,
                       .seed = 3},
                      1ms));
    auto controls = low_latency();
    controls.exposure.time_us = 20;
    controls.sensor.readout = 50us;  // so fast that each bounce could be a frame
    for (const bool debounced : {false, true}) {
        controls.trigger.debounce_us = debounced ? 5000 : 0;
        auto recorder = started(controls);
        auto wire = line;
        for (auto due = wire.deadline(); due; due = wire.deadline()) {
            for (const auto& edge : wire.expire(*due)) recorder.edge(edge.high, edge.at);
        }
        recorder.run_until(1h);
        CHECK(recorder.times<LineEdge>().size() == 100 * 2 * (1 + 2 * 8));
        if (debounced)
            CHECK(recorder.frames().size() == 100);
        else
            CHECK(recorder.frames().size() > 1000);
    }
}
