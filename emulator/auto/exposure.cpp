#include "emulator/auto/exposure.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "emulator/auto/brightness.h"
#include "emulator/auto/highlight_reduction.h"

// The control loop of ExposureAuto, GainAuto and IrisAuto: a dead-beat controller with dead time, damping and
// a dead band.
//
//   set point   ExposureAutoReference, less what highlight reduction takes off
//   error       e = (1 - f) * wanted, in 8-bit codes; f is the factor of light that brings the mean of the
//               frame to the set point, as its histogram predicts (brightness.h)
//   dead time   frames that were exposed before the last step took effect say nothing
//   stepping    while |e| > 0.8: one step by f (dead beat). After each step that went too far, the direction
//               having turned, the following ones are halved once more: f^(1/2), f^(1/4) (damping)
//   settled     once |e| <= 0.8. Frames are then watched together; if their mean has |e| > 1.6 (hysteresis)
//               a step follows, and if three in a row have |e| > 8 the scene is another one: stepping
//   unsteady    settled under a lamp that flickers: frames swing by more than 16 codes, or eight steps were
//               not enough. The mean of 36 frames alone counts

namespace emulator::auto_functions {
namespace {

// In 8-bit codes about the set point.
constexpr double kSettle = 0.8, kLeave = 1.6;
constexpr double kFarOff = 8;            // a scene that has changed, rather than one that drifts
constexpr double kSwing = 16;            // between frames under a lamp that flickers
constexpr double kSwingLeft = 1.0 / 72;  // of that, in the mean of frames that hold no whole beats
// In frames.
constexpr int kWatched = 12, kWatchedUnsteady = 36;
constexpr int kInARow = 3, kInARowUnsteady = 12;
constexpr int kDeadFramesMost = 4;  // after which settings that never take effect are given up
constexpr int kStepsMost = 8;       // that a scene may need if the light is steady
constexpr int kDampingMost = 2;
constexpr double kGuessed = 0.05;  // clipped share above which the brightness is only estimated

/// Measurement of one frame: input of the loop.
struct Measured {
    ExposureTriple with;
    double factor;  // of light that is missing
    double wanted;  // what the set point is above black, in 8-bit codes
    double white;   // what the brightest picture is above black, in the same
    bool clips;
    bool rebalanced;

    [[nodiscard]] double error(double of_factor) const { return (1 - of_factor) * wanted; }
    [[nodiscard]] double error() const { return error(factor); }
    /// Relative to the wanted one. White shows no more.
    [[nodiscard]] double light() const { return std::min(1 / factor, white / wanted); }
};

Measured measured(const Statistics& seen, const ExposureTriple& with, int set_point, double rebalanced) {
    const double wanted_dn = dn_of_mean_code(set_point, seen.black_dn);
    const double factor = wanted_dn > 0 ? factor_for_mean_dn(seen, wanted_dn) : kLeastFactor;
    const double black = seen.black_dn / 16.0;
    return {.with = with,
            .factor = factor / rebalanced,
            .wanted = std::max(1.0, set_point - black),
            .white = 255 - black,
            .clips = seen.clipped_share > kGuessed,
            .rebalanced = rebalanced != 1};
}

bool in_dead_time(ExposureState& state, const ExposureTriple& measured_with) {
    if (!in_effect(measured_with, state.triple) && ++state.dead_frames <= kDeadFramesMost) return true;
    state.dead_frames = 0;
    return false;
}

/// One step, damped after one that went too far: an exposure that ends where a lamp grows brighter takes in
/// up to three times as much more light as it is longer, and whole steps would go to and fro for ever.
void step(ExposureState& state, double factor, bool guessed, const ExposureTriple& measured_with,
          const AutoExposureSettings& settings) {
    const int direction = factor > 1 ? 1 : -1, turn = direction * state.direction;
    state.damping = std::clamp(state.damping - turn, 0, kDampingMost);
    state.direction = guessed ? 0 : direction;
    for (int i = 0; i < state.damping; ++i) factor = std::sqrt(factor);
    const ExposureTriple triple = brightened(measured_with, factor, state.triple, settings);
    state.settled = triple == state.triple;  // at a limit, or as near as the steps allow
    state.triple = triple;
}

/// Stepping: until a frame is near enough, or too many steps show that the lamp flickers.
void approach(ExposureState& state, const Measured& frame, const AutoExposureSettings& settings) {
    state.watched = {};
    const bool iris_stands = frame.with.iris_steps == state.triple.iris_steps;
    state.settled = iris_stands && std::abs(frame.error()) <= kSettle;
    if (!state.settled) {
        step(state, frame.factor, !iris_stands || frame.clips, frame.with, settings);
        state.steps += iris_stands && !frame.rebalanced && !state.settled;
        if (state.steps > kStepsMost) state.settled = state.unsteady = true;
    }
    if (state.settled) state.direction = state.damping = 0;
}

/// The frames in the middle of the longest watch weigh most, so that it hardly matters where in a beat of the
/// lamp it begins.
void watch(WatchedFrames& watched, const Measured& frame) {
    const double light = frame.light(), error = frame.error();
    watched.least = watched.count == 0 ? light : std::min(watched.least, light);
    watched.most = std::max(watched.most, light);
    ++watched.count;
    const int weight = std::min(watched.count, kWatchedUnsteady + 1 - watched.count);
    watched.weighted_light += weight * light;
    watched.weights += weight;
    const int direction = error > kFarOff ? -1 : error < -kFarOff ? 1 : 0;
    watched.far_off = direction * watched.far_off > 0 ? watched.far_off + direction : direction;
}

bool scene_changed(const ExposureState& state) {
    return !state.unsteady && std::abs(state.watched.far_off) >= kInARow;
}

bool watched_enough(const WatchedFrames& watched, double wanted) {
    if (std::abs(watched.far_off) >= kInARowUnsteady) return true;
    return watched.count >= (watched.swing() * wanted > kSwing ? kWatchedUnsteady : kWatched);
}

/// Settled: one step by the mean of all that was watched. A mean over beats grows as exposure does, so that
/// no step after it goes too far.
void adjust(ExposureState& state, const Measured& frame, const AutoExposureSettings& settings) {
    const double factor = state.watched.factor(), swing = state.watched.swing() * frame.wanted;
    state.unsteady = swing > kSwing;
    if (state.unsteady)
        state.direction = state.damping = 0;
    else
        state.steps = 0;
    if (std::abs(frame.error(factor)) > std::max(kLeave, swing * kSwingLeft))
        step(state, factor, false, frame.with, settings);
    state.settled = true;
    state.watched = {};
}

}  // namespace

ExposureState next(const ExposureState& before, const Statistics& seen, const ExposureTriple& measured_with,
                   const AutoExposureSettings& settings, double rebalanced) {
    ExposureState state = before;
    state.triple = within_limits(state.triple, settings);
    if (!settings.exposure && !settings.gain && !settings.iris) return state;
    if (in_dead_time(state, measured_with)) return state;

    state.reduction = reference_reduction(state.reduction, seen, settings);
    const auto frame = measured(seen, measured_with, settings.reference - state.reduction, rebalanced);
    if (state.settled) {
        watch(state.watched, frame);
        if (!scene_changed(state)) {
            if (watched_enough(state.watched, frame.wanted)) adjust(state, frame, settings);
            return state;
        }
        state.damping = state.direction = 0;
    }
    approach(state, frame, settings);
    return state;
}

}  // namespace emulator::auto_functions
