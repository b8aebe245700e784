#pragma once

#include <cstdint>

#include "lens_model/optics/constants.h"

namespace lens_model {

/// How a drive moves: ramps to its speed, and plays within its backlash. Positions are in the drive's own
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
    double to = 0;                        // what was asked for, within the drive's range
    double error = 0;                     // by how much the drive will miss it
    double element = 0;                   // where the lens element is when the move begins
    bool operator==(const Motion&) const = default;
};

/// Standing at a position since ever, without error.
[[nodiscard]] Motion at_rest(double position);

/// The move that begins at `now_s` while `before` may still be under way: the drive brakes and turns if it
/// must. The same seed gives the same error; use one for each move.
[[nodiscard]] Motion moved(const Motor&, const Motion& before, double now_s, double target,
                           std::uint64_t seed);

/// Where the drive is, as its step counter says: the target, once it is done.
[[nodiscard]] double counter(const Motor&, const Motion&, double time_s);

/// Where the lens element is, which is what the picture shows: with backlash and error.
[[nodiscard]] double element(const Motor&, const Motion&, double time_s);

/// When the drive stands still again.
[[nodiscard]] double done_s(const Motor&, const Motion&);

}  // namespace lens_model
