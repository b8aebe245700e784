#pragma once

#include "emulator/auto/exposure.h"
#include "emulator/auto/focus.h"
#include "emulator/auto/white_balance.h"
#include "emulator/imaging/frame_request.h"
#include "emulator/profile.h"

namespace emulator {

/// Runs the auto functions (manual 5.3, 5.4.5, 5.9): requests image statistics of frames, and writes
/// exposure, gain, iris, white balance and focus into the settings, as a client would.
///
/// Its only input is the statistics of frames that are made; what it writes acts on later frames.
class AutoFunctions {
  public:
    AutoFunctions(Settings& settings, const Profile& profile) : settings_(settings), profile_(profile) {}

    /// The measurement to make of a frame whose exposure has ended; its result comes to `take_up` once the
    /// frame is made.
    [[nodiscard]] auto_functions::Questions ask(const FrameRequest&);
    void take_up(const FrameRequest&, const auto_functions::Measurement&);

    /// Begins a run of autofocus, unless one is under way. It waits for the zoom motor.
    void start_focus();
    /// The lens stays where it is on its way to.
    void cancel_focus() { focus_ = {}; }
    [[nodiscard]] bool focusing() const;

    /// Where the control loops stand, and what was measured last for exposure, gain, iris and white balance.
    [[nodiscard]] const auto_functions::ExposureState& exposure() const { return exposure_; }
    [[nodiscard]] const auto_functions::BalanceState& balance() const { return balance_; }
    [[nodiscard]] const auto_functions::FocusState& focus() const { return focus_; }
    [[nodiscard]] const std::optional<auto_functions::Statistics>& seen() const { return seen_; }

  private:
    void expose(const FrameRequest&, const auto_functions::Statistics&);
    void balance(const auto_functions::Statistics&);
    void focus(const FrameRequest&, const std::optional<auto_functions::Sharpness>& sharpness);

    Settings& settings_;
    const Profile& profile_;
    auto_functions::ExposureState exposure_;
    auto_functions::AutoExposureSettings exposure_settings_;  // that `exposure_` was found with
    auto_functions::BalanceState balance_;
    auto_functions::AutoWhiteBalanceSettings balance_settings_;
    auto_functions::FocusState focus_;
    auto_functions::FocusLens focus_lens_;
    std::optional<auto_functions::Statistics> seen_;
    int sharpness_on_its_way_ = 0;  // frames being made whose sharpness was requested
};

}  // namespace emulator
