#pragma once

#include <optional>
#include <vector>

#include "protocol/device.h"
#include "protocol/time.h"

namespace emulator::acquisition {

using protocol::Time;
using protocol::Timestamp;

/// Actions that will be performed when the camera's clock reads their time (manual 5.16). All times here are
/// readings of that clock, which may be stepped; the owner of the queue passes them in.
class ActionQueue {
  public:
    /// Shortest time between two executions of a repeated action: no frame is shorter, and an interval of a
    /// microsecond would only cause missed triggers.
    static constexpr Time kRest = std::chrono::microseconds(100);

    /// Performed once at `at`, or from there on at each interval above zero. What is past is not caught up: a
    /// repeated action goes on as if it had been added earlier. False if the queue is full, which changes
    /// nothing.
    [[nodiscard]] bool add(Timestamp at, Time interval, Timestamp reading);
    void clear() { planned_.clear(); }
    [[nodiscard]] bool empty() const { return planned_.empty(); }

    /// When the next one is due.
    [[nodiscard]] std::optional<Timestamp> next() const;
    /// Takes the actions that are due and returns their number. Single ones leave the queue, repeated ones
    /// wait for their next time.
    [[nodiscard]] int take_due(Timestamp reading);
    /// The clock jumped, and reads this. Repeated actions ignore what it jumped over, and keep their phase.
    /// After a jump back they wait for two intervals at most, so that a small one lets nothing happen twice.
    void clock_stepped(Timestamp reading);

  private:
    struct Planned {
        Timestamp first{};
        Time interval{};  // 0: once
        Timestamp due{};
    };

    std::vector<Planned> planned_;
};

}  // namespace emulator::acquisition
