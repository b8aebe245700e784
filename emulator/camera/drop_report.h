#pragma once

#include <array>
#include <optional>
#include <string>

#include "emulator/acquisition/sequencer.h"
#include "protocol/time.h"

namespace emulator {

/// Rate-limited log of frames that were lost because the host is too slow.
class DropReport {
  public:
    /// Shortest time between two sentences.
    static constexpr protocol::Time kPause = std::chrono::seconds(10);

    /// Counts a dropped frame. Gives a sentence for the log with all drops since the last one, if it is due.
    /// Drops that a client causes are not logged.
    [[nodiscard]] std::optional<std::string> add(acquisition::DropCause, protocol::Time now);

  private:
    std::uint64_t not_rendered_ = 0, not_sent_ = 0;
    std::optional<protocol::Time> said_;
};

}  // namespace emulator
