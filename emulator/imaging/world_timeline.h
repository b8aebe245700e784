#pragma once

#include <map>
#include <memory>
#include <utility>

#include "protocol/time.h"

namespace scenes {
struct World;
}

namespace emulator {

using protocol::Time;

/// World timeline: what stands before the lens, each world from a time on.
class WorldTimeline {
  public:
    using World = std::shared_ptr<const scenes::World>;

    /// From this time on, in place of all that was planned for then and later.
    void set(World world, Time from) {
        from_.erase(from_.lower_bound(from), from_.end());
        from_.emplace(from, std::move(world));
    }
    /// Null if none was set; before the first it is the first.
    [[nodiscard]] World at(Time time) const {
        if (from_.empty()) return nullptr;
        const auto next = from_.upper_bound(time);
        return next == from_.begin() ? next->second : std::prev(next)->second;
    }
    void forget_before(Time time) {
        const auto next = from_.upper_bound(time);
        if (next != from_.begin()) from_.erase(from_.begin(), std::prev(next));
    }

  private:
    std::map<Time, World> from_;
};

}  // namespace emulator
