#pragma once

#include <vector>

#include "emulator/acquisition/sequencer.h"

/// Sequencer with a sensor of round numbers, inputs at any time, and all outputs recorded.
namespace sequencer_recorder {

using namespace emulator::acquisition;
using namespace std::chrono_literals;

inline constexpr Time kRow = 10us, kReadout = 10ms, kGap = 90us, kRest = 100us;

/// Triggered frames of 2 ms, with nothing but the sensor in their way.
inline Controls triggered() {
    Controls controls;
    controls.trigger.on = true;
    controls.exposure.time_us = 2000;
    controls.sensor = {.row = kRow, .readout = kReadout, .exposure_gap = kGap, .rest = kRest};
    return controls;
}

/// Exposure begins when the trigger comes.
inline Controls low_latency() {
    auto controls = triggered();
    controls.trigger.low_latency = true;
    return controls;
}

inline Controls free_running(Time frame_period = 20ms) {
    auto controls = triggered();
    controls.trigger.on = false;
    controls.sensor.frame_period = frame_period;
    return controls;
}

class SequencerRecorder {
  public:
    explicit SequencerRecorder(const Controls& initial, std::uint64_t seed = 1)
        : controls(initial), sequencer(seed) {
        record(sequencer.on_settings(controls, 0ns));
    }

    void run_until(Time time) {
        while (sequencer.deadline() && *sequencer.deadline() <= time) {
            record(sequencer.expire(controls, *sequencer.deadline()));
        }
    }
    void edge(bool high, Time at) {
        run_until(at);
        record(sequencer.on_edge(high, controls, at));
    }
    void pulse(Time at, Time width = 1us) {
        edge(true, at);
        edge(false, at + width);
    }
    void command(Command command, Time at) {
        run_until(at);
        record(sequencer.on_command(command, controls, at));
    }
    void software_trigger(Time at) { command(Command::software_trigger, at); }
    /// A client changes settings.
    void change(Time at, auto setting) {
        run_until(at);
        setting(controls);
        record(sequencer.on_settings(controls, at));
    }

    template <class What>
    [[nodiscard]] std::vector<Time> times() const {
        std::vector<Time> found;
        for (const auto& output : outputs) {
            if (std::holds_alternative<What>(output.what)) found.push_back(output.at);
        }
        return found;
    }
    /// Frames whose exposure began.
    [[nodiscard]] std::vector<Frame> frames() const {
        std::vector<Frame> found;
        for (const auto& output : outputs) {
            if (const auto* start = std::get_if<ExposureStart>(&output.what)) found.push_back(start->frame);
        }
        return found;
    }
    [[nodiscard]] std::vector<Time> starts() const { return times<ExposureStart>(); }
    [[nodiscard]] std::vector<Time> missed() const { return times<TriggerMissed>(); }

    Controls controls;
    Sequencer sequencer;
    Outputs outputs;

  private:
    void record(const Outputs& more) { outputs.insert(outputs.end(), more.begin(), more.end()); }
};

/// Started at 0.
inline SequencerRecorder started(const Controls& controls, std::uint64_t seed = 1) {
    SequencerRecorder recorder(controls, seed);
    recorder.command(Command::start, 0ns);
    return recorder;
}

using Times = std::vector<Time>;

}  // namespace sequencer_recorder
