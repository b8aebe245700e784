#pragma once

#include <functional>

#include "emulator/sim/scheduler.h"
#include "emulator/sim/time_scale.h"

namespace emulator::sim {

/// Time control: runs the events of camera time and of host time in their common order, and lets camera time
/// pause, step, run at another rate, or run fast.
///
/// Both count nanoseconds of the oscillator since power-up. Host time is the oscillator as the host's clock
/// paces it: network and heartbeat live in it. Camera time is the oscillator as sensor, lens and scene have
/// it. They are equal as long as the rate is 1.
class TimeControl {
  public:
    /// Limits of a rate above 0, in millionths.
    static constexpr std::int64_t kLeastRate = 1'000, kMostRate = 1'000'000'000;

    [[nodiscard]] Scheduler& camera() { return camera_; }
    [[nodiscard]] Scheduler& host() { return host_; }
    [[nodiscard]] const Scheduler& camera() const { return camera_; }
    [[nodiscard]] const Scheduler& host() const { return host_; }

    /// Runs what is due up to this host time, which is the present one afterwards. While time runs fast or
    /// steps, some jumps at most: `next` is the present time then.
    void run_until(Time host);
    /// The host time of the next event.
    [[nodiscard]] std::optional<Time> next() const;

    // Modes. Each takes effect now and ends the one before.
    /// In millionths, 0 or within the limits; 0 pauses.
    void set_rate(std::int64_t millionths);
    /// Camera time jumps from event to event; without any it runs at rate 1.
    void set_fast();
    /// Camera time jumps from event to event up to this time, and pauses there.
    void step_to(Time camera);

    /// The rate that was set; nothing while time runs fast or steps.
    [[nodiscard]] std::optional<std::int64_t> rate() const;
    /// Where a step ends that is under way.
    [[nodiscard]] std::optional<Time> step_end() const {
        return mode_ == Mode::step ? std::optional(step_end_) : std::nullopt;
    }
    /// It would jump, but waits.
    [[nodiscard]] bool waits() const { return mode_ != Mode::rate && busy_(); }
    [[nodiscard]] bool fast() const { return mode_ == Mode::fast; }
    [[nodiscard]] bool real() const { return rate() == TimeScale::kReal; }

    /// Jumps wait while this is true.
    void wait_while(std::function<bool()> busy) { busy_ = std::move(busy); }
    /// Called when the rate becomes 1, or another.
    void on_real(std::function<void(bool real)> told) { told_ = std::move(told); }

    [[nodiscard]] Time camera_at(Time host) const { return scale_.camera_at(host); }
    /// The host time for what the camera sends at a camera time: that one at rate 1, else now.
    [[nodiscard]] Time sent_at(Time camera) const;

  private:
    enum class Mode { rate, fast, step };

    void set(Mode, std::int64_t rate);
    void run_due(Time host);
    [[nodiscard]] std::optional<Time> due() const;
    [[nodiscard]] std::optional<Time> jump_target() const;
    void jump(Time camera);
    void stand_or_run();

    Scheduler camera_, host_;
    TimeScale scale_;
    Mode mode_ = Mode::rate;
    Time step_end_{};
    std::function<bool()> busy_ = [] { return false; };
    std::function<void(bool)> told_ = [](bool) {};
};

}  // namespace emulator::sim
