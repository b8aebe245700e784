#pragma once

#include <span>
#include <vector>

#include "protocol/time.h"
#include "scenes/motion/moving.h"

namespace emulator {

/// Things move and lamps flicker by the camera's clock.
[[nodiscard]] constexpr scenes::Time scene_time(protocol::Timestamp stamp) {
    return stamp.time_since_epoch();
}

/// Light pulse of a lamp: its interval, and its exposure in seconds of full level (R, G, B).
struct Pulse {
    scenes::Time from{}, to{};
    std::array<double, 3> seconds{};
};

/// Light of a lamp during one exposure.
struct LampLight {
    std::vector<Pulse> pulses;  // one for a lamp that is not switched; their light adds up
    /// Seconds of full level of the whole exposure.
    std::array<double, 3> seconds{};
    /// Level during readout, for parasitic light: the mean of a lamp on the mains, and for one that is
    /// switched its level at the end of the exposure.
    double level_after = 1;
};

/// More pulses than this in one exposure are grouped: their light is kept, and the smear spans each group.
inline constexpr std::size_t kPulsesMost = 64;

/// Light of each lamp of the world between two times of the camera's clock. `strobe_high` says when
/// STROBE_OUT is high, counted from the start of the exposure.
[[nodiscard]] std::vector<LampLight> lighting(const scenes::World&, scenes::Time from, scenes::Time to,
                                              std::span<const scenes::light::Interval> strobe_high);

/// Mean time of all light: the middle of smears; `weights` says how strong each lamp is. Without any light it
/// is the middle of the exposure.
[[nodiscard]] scenes::Time middle_of_light(std::span<const LampLight> lamps, std::span<const double> weights,
                                           scenes::Time from, scenes::Time to);

}  // namespace emulator
