#pragma once

#include "emulator/auto/exposure.h"
#include "emulator/auto/focus.h"
#include "emulator/auto/white_balance.h"
#include "emulator/imaging/frame_request.h"
#include "emulator/profile.h"

namespace emulator {

/// Runs the automatics (manual 5.3, 5.4.5, 5.9): asks frames what they show, and writes into the settings
/// what follows from it, as a client would.
///
/// It sees nothing but frames, and only when they are made; what it writes acts on frames to come.
class AutomaticControl {
  public:
    AutomaticControl(Settings& settings, const Profile& profile) : settings_(settings), profile_(profile) {}

    /// What a frame is asked whose exposure has ended. Its answer is taken up once it is made.
    [[nodiscard]] automatics::Questions ask(const FrameRequest&);
    void take_up(const FrameRequest&, const automatics::Measurement&);

    /// Begins a run of autofocus, unless one is under way. It waits for the zoom motor.
    void start_focus();
    /// The lens stays where it is on its way to.
    void cancel_focus() { focus_ = {}; }
    [[nodiscard]] bool focusing() const;

  private:
    void expose(const FrameRequest&, const automatics::Statistics&);
    void balance(const automatics::Statistics&);
    void focus(const FrameRequest&, const std::optional<automatics::Sharpness>& sharpness);

    Settings& settings_;
    const Profile& profile_;
    automatics::ExposureState exposure_;
    automatics::ExposureWishes exposure_wishes_;  // that `exposure_` was found with
    automatics::BalanceState balance_;
    automatics::BalanceWishes balance_wishes_;
    automatics::FocusState focus_;
    automatics::FocusLens focus_lens_;
    int sharpness_on_its_way_ = 0;  // frames that were asked for it and are being made
};

}  // namespace emulator
