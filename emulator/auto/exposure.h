#pragma once

#include "emulator/auto/exposure_triple.h"
#include "emulator/auto/statistics.h"

namespace emulator::auto_functions {

/// Frames with the same settings, watched together: a weighted mean of their light, relative to the light
/// that is wanted, and its swing.
struct WatchedFrames {
    int count = 0;
    int weights = 0;
    double weighted_light = 0;
    double least = 0, most = 0;
    int far_off = 0;  // in a row, that are much too dark, or negative: much too bright

    /// The factor that makes their mean as bright as wanted.
    [[nodiscard]] double factor() const { return weights / weighted_light; }
    [[nodiscard]] double swing() const { return most - least; }
};

/// The state of the control loop of ExposureAuto, GainAuto and IrisAuto.
struct ExposureState {
    ExposureTriple triple;  // for the frames to come
    bool settled = false;   // nothing changes until the picture has been wrong for a while
    bool unsteady = false;  // settled although no two frames are alike: the lamp flickers
    int dead_frames = 0;    // since the last step, made with what was set before it
    int reduction = 0;      // of the reference for highlights, in 8-bit codes
    // While it steps.
    int steps = 0;      // since frames were alike for a while
    int direction = 0;  // of the last step: 1 brighter, -1 darker, 0 if it was a guess
    int damping = 0;    // how often the next step is halved
    // While it is settled.
    WatchedFrames watched;
};

/// Takes up a frame that was made with `measured_with`. Brightness is raised by exposure, then iris, then
/// gain, and lowered in the reverse order; the limits hold from the first call on.
///
/// A frame says how bright any other triple would be, so each decision goes all the way, unless the last one
/// went too far; frames that were on their way when it was made are not asked again. Within a few such steps
/// the brightness is within 2 of the reference, and then rests until it leaves that band. Under a lamp that
/// flickers no step is the last one: after some it rests all the same, and goes by the mean of many frames.
///
/// `rebalanced`: by which factor white balance makes frames to come brighter than this one.
[[nodiscard]] ExposureState next(const ExposureState&, const Statistics&, const ExposureTriple& measured_with,
                                 const AutoExposureSettings&, double rebalanced = 1);

}  // namespace emulator::auto_functions
