#pragma once

#include <optional>
#include <vector>

#include "protocol/device.h"
#include "protocol/time.h"

namespace emulator::acquisition {

using protocol::Time;
using protocol::Timestamp;

/// Actions that will be performed when the camera's clock reads their time (manual 5.16). The clock may be
/// stepped; whoever owns it tells what it reads.
class ActionQueue {
  public:
    /// So long after it was performed a repeated action is not performed again: no frame is shorter, and an
    /// interval of a microsecond would do nothing but miss triggers.
    static constexpr Time kRest = std::chrono::microseconds(100);

    /// Performed once at `at`, or from there on at each interval above zero. What is past is not caught up: a
    /// repeated action goes on as if it had been added earlier. False if the queue is full, which changes
    /// nothing.
    [[nodiscard]] bool add(Timestamp at, Time interval, Timestamp reading);
    void clear() { planned_.clear(); }
    [[nodiscard]] bool empty() const { return planned_.empty(); }

    /// When the next one is due.
    [[nodiscard]] std::optional<Timestamp> next() const;
    /// The number of actions that are due. Those that are performed once are gone, the others wait for their
    /// next time.
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
