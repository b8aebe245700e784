#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "emulator/sim/scheduler.h"

namespace emulator::sim {

/// The one meeting with reality: runs the scheduler up to the wall clock, and sleeps until the next event.
class Pacer {
  public:
    using Clock = std::chrono::steady_clock;

    Pacer(asio::io_context& context, Scheduler& scheduler)
        : timer_(context), scheduler_(scheduler), origin_(Clock::now() - scheduler.now()) {}

    /// Call after anything that may have added events, and before anything that asks for the time.
    void catch_up() {
        scheduler_.run_until(Clock::now() - origin_);
        const auto next = scheduler_.next();
        if (!next || next == armed_for_) return;
        armed_for_ = next;
        timer_.expires_at(origin_ + *next);
        timer_.async_wait([this](const std::error_code& error) {
            if (error) return;
            armed_for_.reset();
            catch_up();
        });
    }
    [[nodiscard]] Clock::time_point origin() const { return origin_; }

  private:
    asio::steady_timer timer_;
    Scheduler& scheduler_;
    Clock::time_point origin_;
    std::optional<Time> armed_for_;
};

}  // namespace emulator::sim
