#pragma once

#include <cstdint>
#include <optional>

#include "emulator/acquisition/frame_set.h"
#include "emulator/acquisition/output.h"
#include "emulator/acquisition/send_queue.h"
#include "emulator/acquisition/sensor_timing.h"
#include "emulator/acquisition/strobe.h"
#include "emulator/acquisition/trigger.h"

namespace emulator::acquisition {

/// Settings of exposure, trigger (selector, overlap, conditioning), strobe and frame set. Read at each event.
struct Controls {
    TriggerSettings trigger;
    StrobeSettings strobe;
    Exposure exposure;
    FrameSetSettings frame_set;
    SensorTiming sensor;
    std::size_t frames_waiting = 4;  // that may wait to be sent
};

enum class Command : std::uint8_t { start, stop, software_trigger, action_trigger };

/// Exposure sequencer. Edges, commands and settings in; exposures, readouts and line edges out. It owns no
/// timer: call `expire` at every `deadline`; a late call changes no stamp. What is due at the time of an
/// input happens before it.
///
/// Free running frames overlap: one is exposed while the one before it is read. A trigger that comes while
/// the sensor cannot begin is missed (manual 5.5, 5.17.4), and so is one that comes while as many frames wait
/// to be sent as may; a free run waits then. A start abandons what is left of the run before, but for a frame
/// that already leaves. The same inputs and seed give the same outputs.
class Sequencer {
  public:
    explicit Sequencer(std::uint64_t seed) : seed_(seed) {}

    /// TRIGGER_IN has this level. Undriven is low.
    [[nodiscard]] Outputs on_edge(bool high, const Controls&, Time now);
    [[nodiscard]] Outputs on_command(Command, const Controls&, Time now);
    /// Something in the controls may have changed.
    [[nodiscard]] Outputs on_settings(const Controls&, Time now);

    /// The stream channel was opened, moved or closed: nothing of what is exposed so far is on the wire.
    void channel_changed() { sending_.clear(); }

    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] Outputs expire(const Controls&, Time now);

    [[nodiscard]] bool running() const { return running_; }
    /// No exposure is under way or planned.
    [[nodiscard]] bool waiting() const { return !next_ && !exposing_; }
    [[nodiscard]] bool line_high() const { return input_.high(); }
    [[nodiscard]] bool strobe_high() const { return strobe_.high(); }

  private:
    struct Plan {
        Time start{};
        std::uint64_t trigger = 0;            // 0: free running
        std::int64_t burst_left = 0;          // frames of the same trigger after this one
        std::optional<Shutter> shutter = {};  // first frame of a trigger: fixed when that was accepted
    };

    void settle(const Controls&, Time now, Outputs&);
    void step(const Controls&, Time at, Outputs&);
    void start(const Controls&, Time now, Outputs&);
    void stop();
    void abandon(const Controls&, Time now, Outputs&);
    void replan(const Controls&, Time now);
    void on_trigger(TriggerSource, const Controls&, Time now, Outputs&);
    void begin_planned(const Controls&, Time at, Outputs&);
    void plan_successor(const Controls&);
    [[nodiscard]] bool ready(const Controls&, Time now) const;
    [[nodiscard]] Time triggered_start(const Controls&, Time exposure, Time now) const;
    [[nodiscard]] Time successor_start(const Controls&) const;
    [[nodiscard]] Shutter shutter(const Controls&) const;

    std::uint64_t seed_;
    TriggerInput input_;
    Strobe strobe_;
    SendQueue sending_;
    bool running_ = false;
    Time not_before_{};  // the first frame of a run
    std::optional<Plan> next_;
    std::optional<Frame> exposing_, reading_;
    std::optional<Time> last_end_;  // of the last exposure in this run: what the frame rate counts from
    // What the last exposure leaves the next: when it may begin while the sensor reads, and when the sensor
    // has read and is idle.
    Time gap_end_{}, readout_end_{}, idle_{};
    std::uint64_t set_index_ = 0;
    std::uint64_t frames_ = 0, triggers_ = 0;
};

}  // namespace emulator::acquisition
