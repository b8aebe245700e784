#pragma once

#include <cstdint>

#include "lens_model/optics/constants.h"

namespace lens_model {

/// Motor of a lens element: trapezoidal speed, backlash and repeatability. Positions are in the drive's own
/// steps.
struct Motor {
    double lowest = 0, highest = 1;
    double speed_per_s = 1, ramp_s = 0.1;
    double backlash = 0;       // the lens element follows a downward move only after this
    double repeatability = 0;  // standard deviation of where a move ends
};

[[nodiscard]] Motor zoom_motor(const Constants&);
[[nodiscard]] Motor focus_motor(const Constants&);
[[nodiscard]] Motor iris_motor(const Constants&);
[[nodiscard]] Motor ir_cut_motor(const Constants&);

/// One move of a drive. All positions of all times follow from it.
struct Motion {
    double start_s = 0;
    double from = 0, velocity_per_s = 0;  // of the drive when the move begins
    double to = 0;                        // target, within the drive's range
    double error = 0;                     // repeatability error of this move
    double element = 0;                   // where the lens element is when the move begins
    bool operator==(const Motion&) const = default;
};

/// At rest at a position, without error.
[[nodiscard]] Motion at_rest(double position);

/// The move that begins at `now_s` while `before` may still be under way: the drive brakes and turns if it
/// must. The same seed gives the same error; use one for each move.
[[nodiscard]] Motion moved(const Motor&, const Motion& before, double now_s, double target,
                           std::uint64_t seed);

/// Position of the drive by its step counter: the target once the move is complete.
[[nodiscard]] double counter(const Motor&, const Motion&, double time_s);

/// Position of the lens element, which the image shows: with backlash and repeatability error.
[[nodiscard]] double element(const Motor&, const Motion&, double time_s);

/// End of the move.
[[nodiscard]] double done_s(const Motor&, const Motion&);

}  // namespace lens_model
