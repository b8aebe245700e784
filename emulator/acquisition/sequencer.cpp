#include "emulator/acquisition/sequencer.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "scenes/light/random.h"

namespace emulator::acquisition {
namespace {

/// The sensor begins its first frame this long after the command (assumed: a row or two).
constexpr Time kStartDelay = std::chrono::microseconds(25);

/// Trigger latency in rows, plus the part of a row until the next row begins (assumed; 11.7 to 30.5 us were
/// measured on a sister of this sensor).
constexpr double kTriggerRows = 2;

Time trigger_latency(const SensorTiming& sensor, std::uint64_t seed, std::uint64_t trigger) {
    const auto phase = scenes::light::share(scenes::light::hash(seed, trigger, 0));
    return Time(std::llround((kTriggerRows + phase) * sensor.row.count() * 1e9));
}

const SetFrame& frame_of_set(const FrameSetSettings& set, std::uint64_t index) {
    const SetFrame* const frames[] = {&set.frame0, &set.frame1, &set.frame2, &set.frame3};
    return *frames[index];
}

Time exposure_time(const Shutter& shutter) { return time_from_us(shutter.exposure_us); }

void keep_first(std::optional<Time>& first, const std::optional<Time>& other) {
    if (other && (!first || *other < *first)) first = other;
}

}  // namespace

Outputs Sequencer::on_edge(bool high, const Controls& c, Time now) {
    auto out = expire(c, now);
    if (high == input_.high()) return out;
    out.push_back({now, LineEdge{high}});
    input_.on_edge(high, c.trigger, now);
    settle(c, now, out);
    return out;
}

Outputs Sequencer::on_command(Command command, const Controls& c, Time now) {
    auto out = expire(c, now);
    const auto heard = [&](TriggerSource source) { return c.trigger.on && allows(c.trigger.source, source); };
    switch (command) {
        case Command::start:
            start(c, now, out);
            break;
        case Command::stop:
            stop();
            break;
        case Command::software_trigger:
            if (heard(TriggerSource::software)) on_trigger(TriggerSource::software, c, now, out);
            break;
        case Command::action_trigger:
            if (heard(TriggerSource::action0)) input_.on_action(c.trigger, now);
            break;
    }
    settle(c, now, out);
    return out;
}

Outputs Sequencer::on_settings(const Controls& c, Time now) {
    auto out = expire(c, now);
    replan(c, now);
    settle(c, now, out);
    return out;
}

Outputs Sequencer::expire(const Controls& c, Time now) {
    Outputs out;
    settle(c, now, out);
    return out;
}

std::optional<Time> Sequencer::deadline() const {
    auto first = input_.deadline();
    keep_first(first, strobe_.deadline());
    if (next_) keep_first(first, next_->start);
    if (exposing_) keep_first(first, exposing_->end);
    if (reading_) keep_first(first, reading_->readout_end);
    return first;
}

void Sequencer::settle(const Controls& c, Time now, Outputs& out) {
    for (auto due = deadline(); due && *due <= now; due = deadline()) step(c, *due, out);
    if (const auto high = strobe_.update(c.strobe, now)) out.push_back({now, StrobeEdge{*high}});
}

// Ends before begins. The strobe is last, so that adjacent pulses merge.
void Sequencer::step(const Controls& c, Time at, Outputs& out) {
    if (reading_ && reading_->readout_end <= at) {
        out.push_back({at, ReadoutEnd{*reading_}});
        reading_.reset();
    }
    if (exposing_ && exposing_->end <= at) {
        assert(!reading_);
        out.push_back({at, ExposureEnd{*exposing_}});
        reading_ = exposing_;
        exposing_.reset();
    }
    for (const auto& signal : input_.expire(at)) {
        if (signal.lost) {
            out.push_back({at, TriggerMissed{signal.source}});
            continue;
        }
        out.push_back({at, TriggerConditioned{signal.source}});
        on_trigger(signal.source, c, at, out);
    }
    if (next_ && next_->start <= at) begin_planned(c, at, out);
    if (const auto high = strobe_.update(c.strobe, at)) out.push_back({at, StrobeEdge{*high}});
}

void Sequencer::start(const Controls& c, Time now, Outputs& out) {
    if (running_) return;
    abandon(c, now, out);
    running_ = true;
    input_.forget();
    not_before_ = now + kStartDelay;
    last_end_.reset();
    set_index_ = 0;
    replan(c, now);
}

// A frame that is being sent is read to its end. Otherwise the sensor restarts as with its first frame.
void Sequencer::abandon(const Controls& c, Time now, Outputs& out) {
    sending_.abandon(now);
    if (reading_ && reading_->transfer_start > now) reading_.reset();
    if (exposing_) {
        out.push_back({now, FrameDropped{exposing_->number, DropCause::abandoned}});
        exposing_.reset();
        strobe_.break_off();
    }
    gap_end_ = reading_ ? reading_->end + c.sensor.exposure_gap : now;
    readout_end_ = reading_ ? reading_->readout_end : now;
    idle_ = reading_ ? reading_->readout_end + c.sensor.rest : now;
}

// An exposure that has begun ends and is read.
void Sequencer::stop() {
    running_ = false;
    next_.reset();
}

void Sequencer::replan(const Controls& c, Time now) {
    if (!running_) return;
    if (!c.trigger.on) {
        if (!next_) next_ = Plan{};
        next_->burst_left = 0;
    } else if (next_ && next_->trigger == 0) {
        next_.reset();
    }
    if (next_ && !next_->shutter) next_->start = std::max(now, successor_start(c));
}

void Sequencer::on_trigger(TriggerSource source, const Controls& c, Time now, Outputs& out) {
    if (!running_ || !c.trigger.on) return;
    if (!ready(c, now)) {
        out.push_back({now, TriggerMissed{source}});
        return;
    }
    ++triggers_;
    const auto fixed = shutter(c);
    next_ = Plan{.start = triggered_start(c, exposure_time(fixed), now),
                 .trigger = triggers_,
                 .burst_left = c.trigger.burst_count - 1,
                 .shutter = fixed};
    out.push_back({now, TriggerAccepted{source, triggers_}});
}

bool Sequencer::ready(const Controls& c, Time now) const {
    if (!waiting() || now < sending_.room_at(c.frames_waiting)) return false;
    if (overlap(c.trigger) == TriggerOverlap::off) return now >= idle_;
    return readout_end_ - now < exposure_time(shutter(c));
}

Time Sequencer::triggered_start(const Controls& c, Time exposure, Time now) const {
    if (c.trigger.low_latency) return now;
    return std::max({now + trigger_latency(c.sensor, seed_, triggers_), gap_end_, readout_end_ - exposure});
}

// Bursts keep to the overlap that triggers have; a free running sensor always reads while it exposes.
// Readouts come at the frame rate, whatever the exposures between them are.
Time Sequencer::successor_start(const Controls& c) const {
    auto start = std::max({not_before_, gap_end_, sending_.room_at(c.frames_waiting)});
    if (c.trigger.on && overlap(c.trigger) == TriggerOverlap::off) start = std::max(start, idle_);
    auto next_end = readout_end_;
    if (last_end_) next_end = std::max(next_end, *last_end_ + c.sensor.frame_period);
    return std::max(start, next_end - exposure_time(shutter(c)));
}

Shutter Sequencer::shutter(const Controls& c) const {
    if (!c.frame_set.enabled) return {.exposure_us = c.exposure.time_us, .gain_db = c.exposure.gain_db};
    const auto index = set_index_ % static_cast<std::uint64_t>(c.frame_set.frame_count);
    const auto& frame = frame_of_set(c.frame_set, index);
    return {.exposure_us = frame.exposure_us,
            .gain_db = c.frame_set.custom_gain ? frame.gain_db : c.exposure.gain_db,
            .index_in_set = static_cast<int>(index)};
}

void Sequencer::begin_planned(const Controls& c, Time at, Outputs& out) {
    // Settings may have changed since it was planned, if no trigger fixed them.
    if (!next_->shutter) {
        replan(c, at);
        if (!next_ || next_->start > at) return;
    }
    const auto plan = *next_;
    Frame frame{.number = frames_++,
                .trigger = plan.trigger,
                .shutter = plan.shutter ? *plan.shutter : shutter(c),
                .start = at};
    frame.end = at + exposure_time(frame.shutter);
    frame.readout_end = frame.end + c.sensor.readout;
    frame.transfer_start = sending_.add(frame.end + c.sensor.transfer_delay, c.sensor.transfer);
    set_index_ = c.frame_set.enabled ? set_index_ + 1 : 0;
    gap_end_ = frame.end + c.sensor.exposure_gap;
    readout_end_ = frame.readout_end;
    idle_ = frame.readout_end + c.sensor.rest;
    last_end_ = frame.end;

    assert(!exposing_);
    exposing_ = frame;
    out.push_back({at, ExposureStart{frame}});
    strobe_.on_exposure(frame.start, frame.end, c.strobe);
    plan_successor(c);
}

void Sequencer::plan_successor(const Controls& c) {
    const auto last = *next_;
    next_.reset();
    if (!c.trigger.on) {
        next_ = Plan{.start = successor_start(c)};
    } else if (last.burst_left > 0) {
        next_ = Plan{.start = successor_start(c), .trigger = last.trigger, .burst_left = last.burst_left - 1};
    }
}

}  // namespace emulator::acquisition
