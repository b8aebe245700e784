#pragma once

#include <functional>

#include "tests/world/laws/event_law.h"
#include "tests/world/laws/stream_law.h"

namespace world {

/// The camera's clock runs as its oscillator unless it is stepped or steered; while it has followed a master
/// undisturbed for a while, it is where the servo says, and near the master.
class ClockLaw final : public Law {
  public:
    /// How much the camera's clock is ahead of the master's; nothing while there is none.
    using Ahead = std::function<std::optional<Time>()>;

    ClockLaw(Scene& scene, StreamLaw& stream, EventLaw& events, Ahead ahead)
        : Law(scene), stream_(stream), events_(events), ahead_(std::move(ahead)) {}
    void starts() override;
    void settles() override;
    /// The way to the master is disturbed until then, in host time.
    void disturbed(Time until) { quiet_since_ = std::max(quiet_since_, until); }

  private:
    StreamLaw& stream_;
    EventLaw& events_;
    Ahead ahead_;
    Time last_at_{}, quiet_since_{};
    std::int64_t last_reading_ = 0;
};

}  // namespace world
