#pragma once

#include "emulator/auto/settings.h"
#include "emulator/auto/statistics.h"

namespace emulator::auto_functions {

/// What makes a frame bright.
struct ExposureTriple {
    double exposure_us = 10'000;
    double gain_db = 0;
    double iris_steps = 255;  // 255 is fully open
    bool operator==(const ExposureTriple&) const = default;
};

struct ExposureState {
    ExposureTriple triple;  // for the frames to come
    bool settled = false;   // nothing changes until the picture has been wrong for a while
    bool unsteady = false;  // settled although no two frames are alike: the lamp flickers
    int frames_waited = 0;  // for a frame with this triple
    int steps = 0;          // since frames were alike for a while
    int direction = 0;      // of the last step, 0 if it was a guess
    int caution = 0;        // how often the next step is halved
    int held_back = 0;      // for highlights, below the reference in 8-bit codes
    int frames_seen = 0;    // while settled
    double light_sum = 0;   // of those, times their weights: how bright each was, 1 is as wanted
    int weights = 0;
    double light_least = 0, light_most = 0;
    int frames_far = 0;  // in a row, that are much too dark, or negative: much too bright
};

/// The exposure that fits a frame period: ExposureAutoUpperLimit while the camera keeps it itself.
[[nodiscard]] double longest_exposure_us(double frame_rate_hz);

/// Takes up a frame that was made with `measured_with`. Brightness is raised by exposure, then iris, then
/// gain, and lowered in the reverse order; the limits hold from the first call on.
///
/// A frame says how bright any other triple would be, so each decision goes all the way, unless the last one
/// went too far; frames that were on their way when it was made are not asked again. Within a few such steps
/// the brightness is within 2 of the reference, and then rests until it leaves that band. Under a lamp that
/// flickers no step is the last one: after some it rests all the same, and goes by the mean of many frames.
///
/// Highlight reduction lowers the reference while more than 15 % of the samples would be at 240 of 255 or
/// above, and raises it again while fewer than 1 % are; in between it stays.
///
/// `rebalanced`: by which factor white balance makes frames to come brighter than this one.
[[nodiscard]] ExposureState next(const ExposureState&, const Statistics&, const ExposureTriple& measured_with,
                                 const AutoExposureSettings&, double rebalanced = 1);

/// By which factor more light the frame would be as bright as the reference: between 1/64 and 256.
[[nodiscard]] double wanted_factor(const Statistics&, const AutoExposureSettings&);

/// The order: exposure, iris, gain, to be `factor` times as bright as `from`.
[[nodiscard]] ExposureTriple brightened(const ExposureTriple& from, double factor,
                                        const ExposureTriple& current, const AutoExposureSettings&);

}  // namespace emulator::auto_functions
