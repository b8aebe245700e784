#pragma once

#include <functional>
#include <optional>

#include "emulator/imaging/lens_drive.h"
#include "emulator/settings.h"
#include "emulator/sim/scheduler.h"

namespace emulator {

/// Motors of the lens: moves to targets in scheduler time, with an event when zoom or focus arrives.
class Motors {
  public:
    /// `on_arrival` is called with `zoom_move_completed` or `focus_move_completed`.
    Motors(const lens_model::Constants&, const Lens& at, std::uint64_t seed, sim::Scheduler&,
           std::function<void(Events::Name)> on_arrival);

    [[nodiscard]] const LensDrive& drive() const { return drive_; }
    /// A new target before the old one is reached: only the last move is completed.
    void go_to(const Lens&);
    /// Some parts are stuck now, and send no arrival; those that are free again go to their targets.
    void jam(const LensDrive::Stuck&, const Lens& targets);
    /// Sets the positions without a move.
    void place(const Lens&);

  private:
    void expect_arrival(std::optional<sim::Scheduler::Ticket>& arrival, Time done, Events::Name event);

    const lens_model::Constants& constants_;
    std::uint64_t seed_;
    sim::Scheduler& scheduler_;
    std::function<void(Events::Name)> on_arrival_;
    LensDrive drive_;
    std::optional<sim::Scheduler::Ticket> zoom_arrival_, focus_arrival_;
};

}  // namespace emulator
