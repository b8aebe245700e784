#pragma once

#include <array>
#include <optional>
#include <string>

#include "emulator/acquisition/sequencer.h"
#include "protocol/time.h"

namespace emulator {

/// Says that this host is too slow for the camera, now and then: frames are lost by the hundred.
class DropReport {
  public:
    /// At most one sentence in such a time.
    static constexpr protocol::Time kPause = std::chrono::seconds(10);

    /// A frame was dropped. A sentence for the log with all that were since the last one, if it is time for
    /// it. What a client causes itself is not worth a sentence.
    [[nodiscard]] std::optional<std::string> add(acquisition::DropCause, protocol::Time now);

  private:
    std::uint64_t not_rendered_ = 0, not_sent_ = 0;
    std::optional<protocol::Time> said_;
};

}  // namespace emulator
