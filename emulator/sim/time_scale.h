#pragma once

#include <cstdint>
#include <optional>

#include "protocol/time.h"

namespace emulator::sim {

using protocol::Time;

/// Camera time as a function of host time: straight between changes, at a rate in millionths. All arithmetic
/// is in whole numbers. At rate 1 from the start both are equal.
class TimeScale {
  public:
    /// The rate 1.
    static constexpr std::int64_t kReal = 1'000'000;

    [[nodiscard]] std::int64_t rate() const { return rate_; }
    [[nodiscard]] Time camera_at(Time host) const;
    /// The first host time at which camera time is this or later, as it runs; never at rate 0.
    [[nodiscard]] std::optional<Time> host_at(Time camera) const;

    /// From this host time on; nothing jumps.
    void set_rate(Time host, std::int64_t millionths);
    /// Camera time is this at that host time, and runs on as it did.
    void jump(Time host, Time camera);

  private:
    Time host_{}, camera_{};  // of the last change
    std::int64_t rate_ = kReal;
};

}  // namespace emulator::sim
