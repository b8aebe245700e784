#pragma once

#include <array>
#include <optional>

#include "scenes/light/view.h"

namespace scenes {

using light::Point;

struct Vec3 {
    double x = 0, y = 0, z = 0;
    bool operator==(const Vec3&) const = default;
};

[[nodiscard]] constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
[[nodiscard]] constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
[[nodiscard]] constexpr Vec3 operator*(double k, Vec3 a) { return {k * a.x, k * a.y, k * a.z}; }
[[nodiscard]] double length(Vec3);
[[nodiscard]] constexpr double dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
[[nodiscard]] constexpr Vec3 cross(Vec3 a, Vec3 b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

/// Pose of a flat item in coordinates of a camera or of the world (x right, y down, z forward). Its own axes
/// are u to the right, v down; at rotation 0 it faces the camera upright. Of a camera: the front of its lens,
/// and its axes.
struct Pose {
    Vec3 position_m;    // of its centre
    Vec3 rotation_deg;  // about x, then y, then z
    bool operator==(const Pose&) const = default;
};

/// A pose as a plane: its centre and the directions of u and v.
struct Plane {
    Vec3 centre_m, u, v;
};

[[nodiscard]] Plane plane_at(const Pose&);

/// The place on the plane, in camera coordinates.
[[nodiscard]] Vec3 camera_from_plane(const Plane&, Point uv_m);

/// A direction, a place and a pose of the world in the frame of a camera that stands at a pose; the world's
/// frame is that of a camera at the pose {}, and there nothing changes to the bit.
[[nodiscard]] Vec3 direction_seen_from(const Pose& camera, Vec3 world);
[[nodiscard]] Vec3 place_seen_from(const Pose& camera, Vec3 world_m);
[[nodiscard]] Pose seen_from(const Pose& camera, const Pose& world);

/// A pose given in the plane of another one (its z points away from the viewer), in camera coordinates.
[[nodiscard]] Pose pose_within(const Pose& outer, Point offset_m);

/// A projective map of the plane, rows first.
struct Homography {
    std::array<double, 9> m{};
    double w_most = 0;  // of places at the front of the lens; nothing is seen behind it
    /// Whether a direction meets the plane in front of the lens, by its third component.
    [[nodiscard]] bool in_front(double w) const { return w > 0 && w < w_most; }
};

/// Plane coordinates that a direction meets; nothing if the camera sees the plane edge on.
/// The third component of the mapped vector is 1/z of the meeting point, z from the entrance pupil.
[[nodiscard]] std::optional<Homography> plane_from_tangent(const light::View&, const Plane&);

struct Mapped {
    Point at;
    double w = 0;
};

[[nodiscard]] inline Mapped map(const Homography& h, Point p) {
    const double w = h.m[6] * p.x + h.m[7] * p.y + h.m[8];
    const double k = 1 / w;
    return {{(h.m[0] * p.x + h.m[1] * p.y + h.m[2]) * k, (h.m[3] * p.x + h.m[4] * p.y + h.m[5]) * k}, w};
}

/// The direction in which the camera sees a place; nothing if it is not in front of the camera.
[[nodiscard]] std::optional<Point> tangent_of(const light::View&, Vec3 camera_m);

/// A place in the frame of the entrance pupil: its z counts from there.
[[nodiscard]] Vec3 from_entrance_pupil(const light::View&, Vec3 camera_m);

}  // namespace scenes
