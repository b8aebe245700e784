#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "emulator/sim/host_clock.h"
#include "emulator/sim/scheduler.h"

namespace emulator::sim {

/// Real-time pacing: advances the scheduler to the oscillator's present time, and waits for the next event.
class Pacer {
  public:
    Pacer(asio::io_context& context, Scheduler& scheduler, const HostClock& host_clock)
        : timer_(context), scheduler_(scheduler), host_clock_(host_clock) {}

    /// Call after anything that may have added events, and before anything that asks for the time.
    void catch_up() {
        scheduler_.run_until(host_clock_.now());
        const auto next = scheduler_.next();
        if (!next || next == armed_for_) return;
        armed_for_ = next;
        timer_.expires_at(host_clock_.host_at(*next));
        timer_.async_wait([this](const std::error_code& error) {
            if (error) return;
            armed_for_.reset();
            catch_up();
        });
    }

    /// Catches up with the oscillator, acts, and catches up again with the events that follow from it.
    void in_time(auto&& act) {
        catch_up();
        act();
        catch_up();
    }

  private:
    asio::steady_timer timer_;
    Scheduler& scheduler_;
    HostClock host_clock_;
    std::optional<Time> armed_for_;
};

}  // namespace emulator::sim
