#pragma once

#include "emulator/auto/focus.h"
#include "emulator/settings.h"
#include "lens_model/lens.h"
#include "lens_model/optics/motor.h"
#include "protocol/time.h"

namespace emulator {

using protocol::Time;

/// Lens drive: positions of the motors over time, a function of the last move of each, so that copies agree.
class LensDrive {
  public:
    /// All motors at rest at the targets of the settings.
    LensDrive(const lens_model::Constants& constants, const Lens& at);

    /// Begins a move of every part whose target changed. Each ends off its target by a repeatability error
    /// drawn from the seed.
    void go_to(const Lens& targets, Time now, std::uint64_t seed);

    /// Parts that do not move.
    struct Stuck {
        bool zoom = false, focus = false, iris = false;
        bool operator==(const Stuck&) const = default;
    };
    /// What is stuck stops where it is, and has no further moves. True if that is another set than before.
    bool jam(const Stuck&, Time now);

    [[nodiscard]] Time zoom_done() const { return done(lens_model::zoom_motor(constants_), zoom_); }
    [[nodiscard]] Time focus_done() const { return done(lens_model::focus_motor(constants_), focus_); }
    [[nodiscard]] Time iris_done() const { return done(lens_model::iris_motor(constants_), iris_); }
    [[nodiscard]] Time ir_cut_done() const { return done(lens_model::ir_cut_motor(constants_), ir_cut_); }
    /// Whether the picture changes with time: some part is under way.
    [[nodiscard]] bool moving(Time at) const { return at < done(); }
    /// When all moves are complete.
    [[nodiscard]] Time done() const;
    /// What the focus motor does during an exposure, by its own counter.
    [[nodiscard]] auto_functions::FocusDuring focus_during(Time start, Time end) const;
    [[nodiscard]] lens_model::State state(Time, double temperature_c) const;

  private:
    [[nodiscard]] static Time done(const lens_model::Motor&, const lens_model::Motion&);
    void send(lens_model::Motion&, const lens_model::Motor&, double target, Time now, std::uint64_t seed);

    lens_model::Constants constants_;
    lens_model::Motion zoom_, focus_, iris_, ir_cut_;
    std::uint64_t moves_ = 0;
    Stuck stuck_;
};

}  // namespace emulator
