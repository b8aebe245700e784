#pragma once

#include <functional>

#include "emulator/acquisition/frame_loop.h"

namespace emulator::acquisition {

/// Internal exposures for autofocus, at AcquisitionFrameRate, while no free-running acquisition is active.
/// They have no block, event, strobe or frame number; a triggered exposure aborts one that is under way.
class InternalExposures {
  public:
    using Made = std::function<void(const FrameRequest&, const auto_functions::Measurement&)>;

    InternalExposures(const Settings& settings, const LensDrive& lens, const WorldTimeline& worlds,
                      const Profile& profile, const protocol::Device& device, const Disturbance& disturbance,
                      sim::Scheduler& scheduler, FrameMaker& maker, AutoFunctions& automatic,
                      const FrameLoop& frames)
        : settings_(settings),
          lens_(lens),
          worlds_(worlds),
          profile_(profile),
          device_(device),
          disturbance_(disturbance),
          scheduler_(scheduler),
          maker_(maker),
          auto_functions_(automatic),
          frames_(frames) {}

    void on_made(Made made) { made_ = std::move(made); }
    /// Until autofocus is done.
    void run();
    /// Exposures are being made into images.
    [[nodiscard]] bool in_work() const { return in_work_ > 0; }

  private:
    [[nodiscard]] bool needed() const;
    void expose();
    void end(FrameRequest);

    const Settings& settings_;
    const LensDrive& lens_;
    const WorldTimeline& worlds_;
    const Profile& profile_;
    const protocol::Device& device_;
    const Disturbance& disturbance_;
    sim::Scheduler& scheduler_;
    FrameMaker& maker_;
    AutoFunctions& auto_functions_;
    const FrameLoop& frames_;
    Made made_ = [](const FrameRequest&, const auto_functions::Measurement&) {};
    bool running_ = false;
    std::uint64_t exposures_ = 0;
    int in_work_ = 0;
};

}  // namespace emulator::acquisition
