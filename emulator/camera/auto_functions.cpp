#include "emulator/camera/auto_functions.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "sensor_model/exact_math.h"

namespace emulator {

using auto_functions::BalanceAuto;
using auto_functions::FocusDuring;
using auto_functions::FocusLens;
using auto_functions::FocusPhase;
using auto_functions::FocusState;
using auto_functions::Measurement;
using auto_functions::Questions;
using auto_functions::Sharpness;
using auto_functions::Statistics;

namespace {

/// Frames measured for autofocus at a time: one is evaluated while the next is exposed. More would delay a
/// slow host by measurements that are out of date.
constexpr int kSharpnessOnItsWay = 2;
/// Thermal drift of focus that autofocus must cover.
constexpr double kFocusDrift_counts = 60;

/// Off in multi-frame output mode, where frames have the exposures of their set.
bool exposes(const Settings& settings) {
    const auto& asked = settings.automatic.exposure;
    return (asked.exposure || asked.gain || asked.iris) && !settings.frame_set.enabled;
}

bool balances(const Settings& settings) { return settings.automatic.balance.automatic != BalanceAuto::off; }

FocusLens focus_lens(const lens_model::Constants& constants, const Lens& lens) {
    const lens_model::State state{.zoom_steps = static_cast<double>(lens.zoom),
                                  .iris_steps = static_cast<double>(lens.iris)};
    const double nearest_m = lens_model::minimum_distance_m(constants, state.zoom_steps);
    const double nearest_counts = lens_model::counts_for_distance(constants, state.zoom_steps, nearest_m);
    return {.nearest_counts = std::max(0.0, nearest_counts - kFocusDrift_counts),
            .depth_counts = auto_functions::depth_of_focus_counts(lens_model::f_number(constants, state),
                                                                  constants.defocus_um_per_count),
            .backlash_counts = constants.focus_backlash};
}

/// Whether the next step of the run needs the sharpness of this frame.
bool needs_sharpness(const FocusState& state, const FocusDuring& during) {
    if (state.phase == FocusPhase::searching || state.phase == FocusPhase::sweeping) return true;
    return state.phase == FocusPhase::settling && state.target_counts == state.peak_counts && !during.moving;
}

}  // namespace

bool AutoFunctions::focusing() const {
    return focus_.phase != FocusPhase::idle && focus_.phase != FocusPhase::done;
}

Questions AutoFunctions::ask(const FrameRequest& frame) {
    Questions questions{.statistics = exposes(frame.settings) || balances(frame.settings),
                        .focus_tile = focus_.tile,
                        .focus_runs = focusing()};
    questions.sharpness = questions.focus_runs && sharpness_on_its_way_ < kSharpnessOnItsWay &&
                          needs_sharpness(focus_, frame.lens.focus_during(frame.start, frame.end()));
    sharpness_on_its_way_ += questions.sharpness;
    return questions;
}

void AutoFunctions::take_up(const FrameRequest& frame, const Measurement& seen) {
    sharpness_on_its_way_ -= frame.questions.sharpness;
    if (seen.statistics) {
        seen_ = seen.statistics;
        const bool exposed = exposes(settings_) && exposes(frame.settings);
        // Exposure and white balance interact: clipping changes the mean colour, and gains change the
        // brightness. Neither settles while the other changes, unless the lamp flickers.
        const auto gains = settings_.isp.white_balance;
        if (exposed && !exposure_.settled && !balance_.unsteady) balance_.resting = false;
        if (balances(settings_)) balance(*seen.statistics);
        if (settings_.isp.white_balance != gains && !exposure_.unsteady) exposure_.settled = false;
        if (exposed) expose(frame, *seen.statistics);
    }
    if (focusing() && frame.questions.focus_runs) focus(frame, seen.sharpness);
}

void AutoFunctions::expose(const FrameRequest& frame, const Statistics& seen) {
    const auto& asked = settings_.automatic.exposure;
    if (exposure_settings_ != asked) exposure_ = {};
    exposure_settings_ = asked;
    auto& exposure = settings_.exposure;
    auto& iris = settings_.lens.iris;
    exposure_.triple = {exposure.time_us, exposure.gain_db, static_cast<double>(iris)};

    const auto& made_with = frame.settings.exposure;
    const double iris_steps = frame.lens.state(frame.middle(), frame.housing_c).iris_steps;
    exposure_ = next(exposure_, seen, {made_with.time_us, made_with.gain_db, iris_steps}, asked,
                     rebalanced(seen, frame.settings.isp.white_balance, settings_.isp.white_balance));

    exposure.time_us = exposure_.triple.exposure_us;
    exposure.gain_db = exposure_.triple.gain_db;
    iris = std::llround(exposure_.triple.iris_steps);
}

void AutoFunctions::balance(const Statistics& seen) {
    auto& automatic = settings_.automatic;
    if (balance_settings_ != automatic.balance) balance_ = {};
    balance_.gains = settings_.isp.white_balance;
    balance_.temperature_k = automatic.temperature_k;

    balance_ = next(balance_, seen, automatic.balance);

    settings_.isp.white_balance = balance_.gains;
    automatic.temperature_k = balance_.temperature_k;
    if (balance_.done) automatic.balance.automatic = BalanceAuto::off;
    balance_settings_ = automatic.balance;
}

void AutoFunctions::start_focus() {
    if (focusing()) return;
    focus_lens_ = focus_lens(profile_.lens, settings_.lens);
    focus_ = auto_functions::start_focus(focus_lens_, static_cast<double>(settings_.lens.focus));
    settings_.lens.focus = std::llround(focus_.target_counts);
}

void AutoFunctions::focus(const FrameRequest& frame, const std::optional<Sharpness>& sharpness) {
    if (frame.start < frame.lens.zoom_done()) return;
    const auto during = frame.lens.focus_during(frame.start, frame.end());
    if (needs_sharpness(focus_, during) && !sharpness) return;
    // What is brighter, or is exposed longer, is not sharper.
    const auto& exposure = frame.settings.exposure;
    const double open =
        1 / lens_model::f_number(profile_.lens, frame.lens.state(frame.middle(), frame.housing_c));
    const double light = open * open * exposure.time_us * sensor_model::factor_from_db(exposure.gain_db);
    const auto [fine, coarse, tile] = sharpness.value_or(Sharpness{});
    focus_ = next(focus_, {fine / (light * light), coarse / (light * light), tile}, during, focus_lens_);
    settings_.lens.focus = std::llround(focus_.target_counts);
}

}  // namespace emulator
