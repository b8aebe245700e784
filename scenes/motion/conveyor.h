#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "scenes/item.h"

namespace scenes {

/// The kind of the item that a part is.
inline constexpr const char* kPartKind = "part";

/// Conveyor: an endless stream of parts on a belt. Part n is at the lane's centre at time n · pitch / speed,
/// plus a seeded displacement; everything about it is a function of the seed and n.
struct Conveyor {
    double distance_m = 1;  // of the belt; the parts lie on it
    double centre_x_m = 0, centre_y_m = 0;
    double speed_m_s = 0.2, heading_deg = 0;  // 0 to the right, 90 down
    double pitch_m = 0.12;
    double length_m = 1;  // parts exist on this length about the centre
    double part_width_m = 0.08, part_height_m = 0.05;
    double sway_m = 0.004, turn_deg = 4;  // the most that a part lies off the lane and askew
    std::string serial_prefix = "A";
    int first_serial = 1000;
    double scratch_share = 0.1, missing_hole_share = 0.1, wrong_colour_share = 0.1;
};

/// The numbers of the parts on the belt at a time.
struct PartRange {
    std::int64_t first = 0, last = -1;
};
[[nodiscard]] PartRange parts_on(const Conveyor&, std::chrono::nanoseconds time);

/// Pose and velocity of a part's plate at a time.
[[nodiscard]] Pose part_pose(const Conveyor&, std::uint64_t seed, std::int64_t part,
                             std::chrono::nanoseconds time);
[[nodiscard]] Vec3 belt_velocity_m_s(const Conveyor&);

/// A part: its plate, then what is printed on it, with the plate at `at`.
[[nodiscard]] std::vector<Item> part_items(const Conveyor&, std::uint64_t seed, std::int64_t part,
                                           const Pose& at);

}  // namespace scenes
