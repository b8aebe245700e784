#pragma once

#include <chrono>
#include <vector>

#include "scenes/geometry/geometry.h"

namespace scenes {

using Time = std::chrono::nanoseconds;  // of the camera's clock

/// A span of time: an exposure, or a moment.
struct Span {
    Time from{}, to{};

    Span() = default;
    Span(Time moment) : from(moment), to(moment) {}
    Span(Time first, Time last) : from(first), to(last) {}
    bool operator==(const Span&) const = default;
    [[nodiscard]] Time middle() const { return from + (to - from) / 2; }
};

/// A place on a path, and when it is reached.
struct Waypoint {
    double at_s = 0;
    Pose pose;
    bool operator==(const Waypoint&) const = default;
};

/// Motion: a pose in the world as a function of the camera's clock. It goes on steadily from `pose`, or along
/// the path if there is one, straight from waypoint to waypoint; it rests before the first and after the
/// last.
struct Motion {
    Pose pose;  // at time 0
    Vec3 velocity_m_s, spin_deg_s;
    double period_s = 0;         // after which it begins again; 0: never
    std::vector<Waypoint> path;  // by time
    bool operator==(const Motion&) const = default;
};

[[nodiscard]] Pose pose_at(const Motion&, Time);

/// How fast a pose changes.
struct Rates {
    Vec3 velocity_m_s, spin_deg_s;
};
[[nodiscard]] Rates rates_at(const Motion&, Time);

/// Whether it ever moves, and whether it does in a span.
[[nodiscard]] bool moves(const Motion&);
[[nodiscard]] bool moves(const Motion&, Span);

/// Into how many pieces the way in a span is divided, so that each turns by at most 2 degrees.
[[nodiscard]] int pieces_of(const Motion&, Span);

/// The poses at both ends of a span and between, `pieces` + 1 of them. A motion that begins again does not
/// jump back within it.
[[nodiscard]] std::vector<Pose> way_of(const Motion&, Span, int pieces);

/// The poses at the ends of so many equal pieces from one to another; of some of the pieces.
[[nodiscard]] std::vector<Pose> straight_way(const Pose& begin, const Pose& end, int pieces);
[[nodiscard]] std::vector<Pose> straight_way(const Pose& begin, const Pose& end, int pieces, int first,
                                             int last);

}  // namespace scenes
