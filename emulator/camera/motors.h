#pragma once

#include <functional>
#include <optional>

#include "emulator/imaging/lens_drive.h"
#include "emulator/settings.h"
#include "emulator/sim/scheduler.h"

namespace emulator {

/// The motors of the lens on the scheduler: they are sent to targets, and tell when zoom and focus arrive.
class Motors {
  public:
    /// `on_arrival` is told `zoom_move_completed` or `focus_move_completed`.
    Motors(const lens_model::Constants&, const Lens& at, std::uint64_t seed, sim::Scheduler&,
           std::function<void(Events::Name)> on_arrival);

    [[nodiscard]] const LensDrive& drive() const { return drive_; }
    /// A new target before the old one is reached: only the last move is completed.
    void go_to(const Lens&);
    /// They stand there without having moved.
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
