#pragma once

#include "protocol/time.h"

namespace protocol::ptp {

/// Correction of the camera's clock: a step and a rate.
struct Correction {
    Time step{};
    double rate_ppb = 0;  // what the clock runs faster than its oscillator from now on
};

/// Clock servo: makes the camera's clock follow its master.
///
/// The oscillator is taken for a clock with a constant error of its rate, and a line is fitted to the
/// measured offsets: by least squares at first, so that the first sample gives the offset and the second the
/// rate, and with fading memory later, so that the line may bend. Offsets above the step threshold step the
/// clock, smaller ones are slewed by its rate. Single samples far off the line come from a host that stalled,
/// and are left out.
class Servo {
  public:
    /// A sample: at time `at` of the camera's clock it was so much ahead of its master.
    [[nodiscard]] Correction sample(Time offset, Timestamp at);
    /// Another master, or one that comes back: offset and rate are estimated again, from the present rate.
    void restart();
    /// Holdover without a master: the clock keeps the estimated rate.
    [[nodiscard]] Correction hold();

    [[nodiscard]] double rate_ppb() const { return applied_ppb_; }
    /// Calibrated: enough samples were used.
    [[nodiscard]] bool settled() const { return samples_ >= 3; }

  private:
    [[nodiscard]] bool stands_out(double residual_ns, Timestamp at);
    [[nodiscard]] int memory(double interval_s) const;
    [[nodiscard]] Correction correct(double interval_s);

    int samples_ = 0;             // since the start, at most the memory's length
    double offset_ns_ = 0;        // estimated, at the last sample
    double rate_ppb_ = 0;         // that the oscillator needs, estimated
    double applied_ppb_ = 0;      // that the clock runs at
    double spread_ns_ = 0;        // mean distance of samples from the line
    int outliers_ = 0;            // in a row,
    Timestamp outliers_since_{};  // and the first of them
    Timestamp at_{};              // of the last sample
};

}  // namespace protocol::ptp
