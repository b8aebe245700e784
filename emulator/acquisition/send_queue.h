#pragma once

#include <cstdint>
#include <deque>

#include "protocol/time.h"

namespace emulator::acquisition {

using protocol::Time;

/// Frame transfer over the link: one frame after the other, in the order of their exposures. A frame
/// waits from the start of its exposure until its first packet may leave.
class SendQueue {
  public:
    /// The most frames whose times are kept.
    static constexpr std::size_t kMost = 32;

    /// A frame whose exposure begins. It may leave from `ready` on, and keeps the wire busy for `transfer`.
    /// When it begins to leave.
    Time add(Time ready, Time transfer);
    /// From when on fewer than `limit` frames wait; 1 to kMost.
    [[nodiscard]] Time room_at(std::size_t limit) const;
    /// Discards the frames that have not begun to leave.
    void abandon(Time now);
    /// The wire is free, and nothing waits.
    void clear() { transfers_.clear(); }

  private:
    struct Transfer {
        Time begin{}, end{};
    };
    std::deque<Transfer> transfers_;  // in order
};

}  // namespace emulator::acquisition
