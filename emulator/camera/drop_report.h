#pragma once

#include <optional>
#include <string>

#include "emulator/acquisition/output.h"
#include "protocol/time.h"

namespace emulator {

/// Rate-limited log of frames that were lost because the host is too slow: one sentence for all of a second.
class DropReport {
  public:
    /// Shortest time between two sentences.
    static constexpr protocol::Time kPause = std::chrono::seconds(1);

    /// Counts a dropped frame. When its sentence is due; nothing if one is due anyway, or if the host is not
    /// the cause.
    [[nodiscard]] std::optional<protocol::Time> add(acquisition::DropCause, protocol::Time now);
    /// The sentence that is due now, with all drops since the last one.
    [[nodiscard]] std::string sentence();

  private:
    std::uint64_t not_rendered_ = 0, not_sent_ = 0;
    std::optional<protocol::Time> due_;  // of the last sentence
};

}  // namespace emulator
