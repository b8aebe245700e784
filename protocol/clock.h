#pragma once

#include "protocol/time.h"

namespace protocol {

/// Timestamp counter: what the camera's clock reads at a time of its oscillator. Every timestamp and every
/// schedule goes through it.
///
/// Between changes it runs straight; a change leaves the past as it was written down. All arithmetic is in
/// whole numbers, so the same changes give the same readings on every machine.
class Clock {
  public:
    explicit Clock(Timestamp reads_at_power_up = {}) : reads_(reads_at_power_up) {}

    /// A time before the last change is read as if the clock had always run as it does.
    [[nodiscard]] Timestamp at(Time oscillator) const;
    /// The same as what happens then is stamped: clients take stamps for signed, so bit 63 is always clear.
    [[nodiscard]] Timestamp stamp(Time oscillator) const { return std::max(at(oscillator), Timestamp{}); }
    [[nodiscard]] std::uint64_t ticks(Time oscillator) const { return protocol::ticks(stamp(oscillator)); }
    /// The first time of the oscillator at which the clock reads this much or more, as it runs. Time::max()
    /// is never.
    [[nodiscard]] Time oscillator_at(Timestamp reading) const;

    /// It reads zero, and runs on as it did.
    void reset(Time now);
    /// It jumps forward, or back, but not before 1970 nor beyond 2116.
    void step(Time now, Time delta);
    /// It runs faster than the oscillator by so much, slower if negative. Nothing jumps. Beyond
    /// `kMaxSteer_ppb` it is steered as far as it goes.
    void steer(Time now, double ppb);

    /// Whether it tells the time of a network of clocks, as its master or as a slave that is in step.
    [[nodiscard]] bool synchronised() const { return synchronised_; }
    void set_synchronised(bool yes) { synchronised_ = yes; }

    static constexpr double kMaxSteer_ppb = 1e8;

  private:
    void anchor(Time now);

    // At `anchor_` it reads `reads_` and `fraction_` of 1e-12 ns, and gains `rate_` of 1e-12 from there.
    Time anchor_{};
    Timestamp reads_{};
    std::int64_t fraction_ = 0, rate_ = 0;
    bool synchronised_ = false;
};

}  // namespace protocol
