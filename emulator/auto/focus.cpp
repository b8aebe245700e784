#include "emulator/auto/focus.h"

#include <algorithm>
#include <cmath>

#include "emulator/auto/parabola.h"

namespace emulator::auto_functions {
namespace {

constexpr int kPasses = 3;
constexpr double kSteps[kPasses] = {12, 3, 1};    // in depths
constexpr double kWindows[kPasses] = {0, 17, 7};  // to each side of the peak before, in depths
constexpr int kSearchFrames = 75;                 // that a search of the whole range takes at most
constexpr double kSearchWindow = 1.4;             // to each side of what a search has found, in its steps
constexpr double kFallen = 0.3;                   // of the sharpness of a peak: there it has an edge
constexpr double kBeyond = 1.5;                   // widths of a peak, in which another would have come
constexpr int kBeyondSteps = 3;
constexpr double kClearance_counts = 8;  // below the start of a sweep, beyond the backlash
constexpr double kArrived_counts = 1.5;
constexpr int kReach = 5;         // steps to each side of the best sample that make a peak
constexpr int kNear = 3;          // steps around the peak that must show fine detail for it to be used
constexpr int kFramesLanded = 3;  // averaged for the sharpness of a landing
constexpr double kFlank = 0.1;    // of the sharpness of the best sample: so far down its flanks reach
constexpr double kOffBest = 2.5;  // steps from the best sample, at most, to the peak
constexpr double kBetter = 0.85;  // 1/√sharpness of the peak, at least, in terms of the best sample
constexpr double kOff = 0.5;      // how far off a landing may seem, in steps of the last sweep
constexpr double kMoreOff = 0.1;  // for each try beyond a few
constexpr int kTriesFew = 3, kTriesMost = 12;

double clamped(double counts, const FocusLens& lens) {
    return std::clamp(counts, lens.nearest_counts, lens.farthest_counts);
}

/// Below a place by so much that the play is taken up on the way to it.
double below(double counts, const FocusLens& lens) {
    return std::max(0.0, counts - lens.backlash_counts - kClearance_counts);
}

void begin_pass(FocusState& state, int pass, const FocusLens& lens) {
    state.phase = FocusPhase::returning;
    state.pass = pass;
    state.samples.clear();
    const double window =
        std::max(kWindows[pass] * lens.depth_counts, pass == 1 ? kSearchWindow * state.step_counts : 0);
    state.step_counts = kSteps[pass] * lens.depth_counts;
    state.from_counts = clamped(state.peak_counts - window, lens);
    state.to_counts = clamped(state.peak_counts + window, lens);
    state.target_counts = below(state.from_counts, lens);
    state.frames_still = 0;
}

/// Approaches a position from below, so that backlash is taken up.
void begin_landing(FocusState& state, const FocusLens& lens) {
    state.phase = FocusPhase::settling;
    state.target_counts = below(state.peak_counts, lens);
    state.frames_still = 0;
}

/// Whether fine detail is seen in all of the last sweep that is near its peak.
bool fine_is_seen(const FocusState& state, double peak_counts) {
    return state.pass + 1 == kPasses && std::ranges::all_of(state.samples, [&](const auto& sample) {
               return std::abs(sample.counts - peak_counts) > kNear * state.step_counts ||
                      sample.sharpness.fine > 0;
           });
}

/// Where the lens is sharpest. Blur makes sharpness fall as 1/(1 + c x²)²: so 1/√sharpness is a parabola, and
/// both flanks say where its lowest point is. No move ends exactly at its target, which the top alone, where
/// there are few samples, would not forgive.
void fit_peak(FocusState& state, const FocusLens& lens) {
    const auto by = [](bool fine) {
        return
            [fine](const FocusState::Sample& at) { return fine ? at.sharpness.fine : at.sharpness.coarse; };
    };
    state.fine = fine_is_seen(state, std::ranges::max_element(state.samples, {}, by(false))->counts);
    const auto sharpness_of = by(state.fine);
    const auto best = std::ranges::max_element(state.samples, {}, sharpness_of);
    state.peak_counts = best->counts;
    state.peak = sharpness_of(*best);
    state.falls = 0;
    ParabolaFit fit;
    for (const auto& sample : state.samples) {
        const double relative = sharpness_of(sample) / state.peak;
        const double x = (sample.counts - best->counts) / state.step_counts;
        if (relative >= kFlank && std::abs(x) <= kReach) fit.add(x, 1 / std::sqrt(relative), relative);
    }
    const auto blur = fit.solve();
    if (!blur || blur->c <= 0) return;
    const double top = std::clamp(-blur->b / (2 * blur->c), -kOffBest, kOffBest);
    state.peak_counts = clamped(best->counts + top * state.step_counts, lens);
    state.falls = blur->c;
    const double least = std::clamp(blur->a + blur->b * top + blur->c * top * top, kBetter, 1.0);
    state.peak /= least * least;
}

/// A frame with the drive at its target. The first one may include the end of the move.
bool stands(FocusState& state, const FocusDuring& during) {
    const bool there = !during.moving && std::abs(during.counts - state.target_counts) <= kArrived_counts;
    state.frames_still = there ? state.frames_still + 1 : 0;
    return state.frames_still > 0;
}

/// The end of the range that a search is on its way to.
double ahead(const FocusState& state, const FocusLens& lens) {
    return state.direction > 0 ? lens.farthest_counts : lens.nearest_counts;
}

double search_step(const FocusLens& lens) {
    return std::max(kSteps[0] * lens.depth_counts,
                    (lens.farthest_counts - lens.nearest_counts) / kSearchFrames);
}

/// One step farther from a place on the way.
void go_ahead(FocusState& state, double from_counts, const FocusLens& lens) {
    state.target_counts = clamped(from_counts + state.direction * state.step_counts, lens);
}

/// Whether a search has gone so far down and up from its best place that nothing sharper can be near: the
/// contrast of stripes comes back beyond its zeros, at most as far apart as those of a peak.
struct Explored {
    bool below = false, above = false;
};
Explored explored(const FocusState& state, const FocusLens& lens) {
    const auto best = std::ranges::max_element(
        state.samples, {}, [](const FocusState::Sample& sample) { return sample.sharpness.coarse; });
    if (best == state.samples.end() || best->sharpness.coarse == 0) return {};
    double lowest = best->counts, highest = lowest, least = lowest, most = lowest;
    for (const auto& sample : state.samples) {
        lowest = std::min(lowest, sample.counts), highest = std::max(highest, sample.counts);
        if (sample.sharpness.coarse < kFallen * best->sharpness.coarse) continue;
        least = std::min(least, sample.counts), most = std::max(most, sample.counts);
    }
    const double beyond = std::max(kBeyond * (most - least), kBeyondSteps * state.step_counts);
    return {.below = lowest <= std::max(least - beyond, lens.nearest_counts + kArrived_counts),
            .above = highest >= std::min(most + beyond, lens.farthest_counts - kArrived_counts)};
}

/// The peak of the search was noise: another search covers the whole range.
void search_all(FocusState& state, const FocusLens& lens) {
    state.phase = FocusPhase::returning;
    state.whole = state.turned = true;
    state.tile = kAllTiles;
    state.pass = 0;
    state.samples.clear();
    state.step_counts = search_step(lens);
    state.direction = 1;
    state.from_counts = lens.nearest_counts;
    state.target_counts = below(state.from_counts, lens);
    state.frames_still = 0;
}

void give_up(FocusState& state, const FocusLens& lens) {
    state.found = false;
    state.peak_counts = state.start_counts;
    begin_landing(state, lens);
}

/// On to the finer sweeps, or back to where the drive was if nothing is sharp anywhere.
void end_search(FocusState& state, const FocusLens& lens) {
    fit_peak(state, lens);
    if (state.peak == 0) return give_up(state, lens);
    const auto best = std::ranges::max_element(
        state.samples, {}, [](const FocusState::Sample& sample) { return sample.sharpness.coarse; });
    state.tile = best->sharpness.tile;
    state.found = true;
    begin_pass(state, 1, lens);
}

void search(FocusState& state, const Sharpness& sharpness, const FocusDuring& during, const FocusLens& lens) {
    // On the way down the lens element is above the drive's position by the backlash.
    const double counts = during.counts + (state.direction < 0 ? lens.backlash_counts : 0);
    state.samples.push_back({clamped(counts, lens), sharpness});
    const bool at_end = std::abs(during.counts - ahead(state, lens)) <= kArrived_counts;
    const auto [below, above] = explored(state, lens);
    if ((below && above && !state.whole) || (at_end && state.turned)) return end_search(state, lens);
    if (!state.turned && (at_end || (state.direction > 0 ? above : below))) {
        state.turned = true;
        state.direction = -state.direction;
        return go_ahead(state, state.start_counts, lens);
    }
    go_ahead(state, state.target_counts, lens);
}

void sweep(FocusState& state, const Sharpness& sharpness, const FocusDuring& during, const FocusLens& lens) {
    if (during.counts >= state.from_counts - kArrived_counts)
        state.samples.push_back({during.counts, sharpness});
    if (during.counts < state.to_counts - kArrived_counts) {
        state.target_counts = std::min(state.target_counts + state.step_counts, state.to_counts);
        return;
    }
    fit_peak(state, lens);
    if (state.peak == 0) return state.whole ? give_up(state, lens) : search_all(state, lens);
    state.pass + 1 < kPasses ? begin_pass(state, state.pass + 1, lens) : begin_landing(state, lens);
}

/// Whether a landing is as sharp as one that is hardly off the best sample; the criterion relaxes with every
/// try, because the best sample may be an outlier of noise.
bool good_enough(const FocusState& state, double landed) {
    const double off = kOff + kMoreOff * std::max(0, state.tries - kTriesFew);
    const double blurred = 1 + state.falls * off * off;
    return landed * blurred * blurred >= state.peak;
}

void settle(FocusState& state, const Sharpness& sharpness, const FocusDuring& during, const FocusLens& lens) {
    if (!stands(state, during)) return;
    if (state.target_counts != state.peak_counts) {
        state.target_counts = state.peak_counts;
        state.frames_still = 0;
        state.landed = {};
        return;
    }
    state.landed.fine += sharpness.fine / kFramesLanded;
    state.landed.coarse += sharpness.coarse / kFramesLanded;
    if (state.found && state.frames_still < kFramesLanded) return;
    ++state.tries;
    if (!state.found || state.tries >= kTriesMost ||
        good_enough(state, state.fine ? state.landed.fine : state.landed.coarse)) {
        state.phase = FocusPhase::done;
        return;
    }
    state.samples.push_back({state.peak_counts, state.landed});
    fit_peak(state, lens);
    begin_landing(state, lens);
}

}  // namespace

double depth_of_focus_counts(double f_number, double um_per_count) { return f_number * 3.45 / um_per_count; }

// The shorter side first: so no start is worse than one in the middle.
FocusState start_focus(const FocusLens& lens, double now_counts) {
    FocusState state;
    state.start_counts = state.peak_counts = now_counts;
    state.phase = FocusPhase::searching;
    state.step_counts = search_step(lens);
    const bool nearer = now_counts - lens.nearest_counts < lens.farthest_counts - now_counts;
    state.direction = nearer ? -1 : 1;
    state.turned = now_counts <= lens.nearest_counts;
    if (state.turned) state.direction = 1;
    go_ahead(state, now_counts + state.direction * state.step_counts, lens);
    return state;
}

FocusState next(const FocusState& before, const Sharpness& sharpness, const FocusDuring& during,
                const FocusLens& lens) {
    FocusState state = before;
    if (state.phase == FocusPhase::idle || state.phase == FocusPhase::done) return state;
    ++state.frames;
    if (state.phase == FocusPhase::searching) {
        search(state, sharpness, during, lens);
    } else if (state.phase == FocusPhase::settling) {
        settle(state, sharpness, during, lens);
    } else if (state.phase == FocusPhase::sweeping) {
        sweep(state, sharpness, during, lens);
    } else if (stands(state, during)) {
        state.phase = state.pass == 0 ? FocusPhase::searching : FocusPhase::sweeping;
        state.target_counts = state.from_counts;
    }
    return state;
}

}  // namespace emulator::auto_functions
