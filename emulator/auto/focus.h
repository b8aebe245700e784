#pragma once

#include <vector>

#include "emulator/auto/sharpness.h"

namespace emulator::auto_functions {

/// Properties of the lens that one run of autofocus needs.
struct FocusLens {
    double nearest_counts = 0, farthest_counts = 10'000;  // where anything can be sharp
    double depth_counts = 4;                              // half the depth of focus
    double backlash_counts = 12;                          // the lens follows a downward move only after this
};

/// Half the depth of focus: defocus at which the blur disc is one pixel, 3.45 um.
[[nodiscard]] double depth_of_focus_counts(double f_number, double um_per_count = 1.4714);

/// Where the drive was in the middle of a frame's exposure, and whether it moved during it.
struct FocusDuring {
    double counts = 0;
    bool moving = false;
};

enum class FocusPhase { idle, searching, returning, sweeping, settling, done };

/// State of one run of contrast autofocus. The caller moves the drive to `target_counts` whenever that
/// changes.
struct FocusState {
    FocusPhase phase = FocusPhase::idle;
    double target_counts = 0;
    bool found = false;  // at the end: whether anything was sharp anywhere
    int frames = 0;      // since the start

    struct Sample {
        double counts;
        Sharpness sharpness;
    };
    double start_counts = 0;
    int direction = 1;     // of the search
    bool turned = false;   // the search has reversed at one end, or started there
    bool whole = false;    // full range, because the peak of the first search was noise
    int tile = kAllTiles;  // measured by the finer sweeps
    int pass = 0;          // the search, and two sweeps, each finer than the one before
    double from_counts = 0, to_counts = 0, step_counts = 0;
    std::vector<Sample> samples;       // of this pass
    double peak_counts = 0, peak = 0;  // found so far
    double falls = 0;                  // sharpness, as 1/(1 + falls x²)², x in steps off the peak
    bool fine = false;                 // whether the peak is one of fine detail
    int tries = 0;                     // of landing on the peak
    int frames_still = 0;              // at the place where the drive should be
    Sharpness landed;                  // mean of those frames
};

/// Begins a run.
[[nodiscard]] FocusState start_focus(const FocusLens&, double now_counts);

/// Takes up a frame and says where to go next. How sharp it is, is relative to any light that is the same for
/// all frames of a run.
///
/// First a search, to the nearer end of the range and then to the other, until it has gone well beyond a peak
/// to both sides; where the sweeps after it see nothing, another from end to end. Then two sweeps around the
/// peak, the second finer and, if there is enough, by fine detail; both go upward, so that the play is always
/// taken up. Then onto the peak from below. No move ends exactly where it should: a landing that is not as
/// sharp as half a depth of focus off would be is repeated, and says where the peak is as the sweep does.
/// Without any detail the drive returns to where it was.
[[nodiscard]] FocusState next(const FocusState&, const Sharpness&, const FocusDuring&, const FocusLens&);

}  // namespace emulator::auto_functions
