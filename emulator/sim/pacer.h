#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "emulator/sim/host_clock.h"
#include "emulator/sim/time_control.h"

namespace emulator::sim {

/// Real-time pacing: advances host time to the oscillator's present time, and waits for the next event.
class Pacer {
  public:
    Pacer(asio::io_context& context, TimeControl& time, const HostClock& host_clock)
        : timer_(context), time_(time), host_clock_(host_clock) {}

    /// Call after anything that may have added events, and before anything that asks for the time.
    void catch_up() {
        if (stopped_) return;
        time_.run_until(host_clock_.now());
        const auto next = time_.next();
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

    /// Time stands still, and nothing happens any more.
    void stop() {
        stopped_ = true;
        timer_.cancel();
    }

  private:
    asio::steady_timer timer_;
    TimeControl& time_;
    HostClock host_clock_;
    std::optional<Time> armed_for_;
    bool stopped_ = false;
};

}  // namespace emulator::sim
