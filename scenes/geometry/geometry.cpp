#include "scenes/geometry/geometry.h"

#include <cmath>
#include <numbers>

namespace scenes {
namespace {

constexpr double kNearest_m = 1e-4;  // nothing stands closer to the front of the lens
constexpr double kRad = std::numbers::pi / 180;

void turn(double& a, double& b, double angle) {
    const double c = std::cos(angle), s = std::sin(angle), before = a;
    a = c * before - s * b;
    b = s * before + c * b;
}

Vec3 turned(Vec3 p, Vec3 rotation_deg) {
    turn(p.y, p.z, rotation_deg.x * kRad);
    turn(p.z, p.x, rotation_deg.y * kRad);
    turn(p.x, p.y, rotation_deg.z * kRad);
    return p;
}

Vec3 turned_back(Vec3 p, Vec3 rotation_deg) {
    turn(p.x, p.y, -rotation_deg.z * kRad);
    turn(p.z, p.x, -rotation_deg.y * kRad);
    turn(p.y, p.z, -rotation_deg.x * kRad);
    return p;
}

/// The angles that turn x and y into these directions; y is turned within -90 to 90 degrees.
Vec3 rotation_of(Vec3 u, Vec3 v) {
    const Vec3 w = cross(u, v);
    const double across = std::hypot(u.x, u.y);
    if (across < 1e-12)  // about x and about z are the same: all of it is about x
        return {std::atan2(-w.y, v.y) / kRad, std::atan2(-u.z, across) / kRad, 0};
    return {std::atan2(v.z, w.z) / kRad, std::atan2(-u.z, across) / kRad, std::atan2(u.y, u.x) / kRad};
}

}  // namespace

double length(Vec3 a) { return std::sqrt(a.x * a.x + a.y * a.y + a.z * a.z); }

Plane plane_at(const Pose& pose) {
    return {pose.position_m, turned({1, 0, 0}, pose.rotation_deg), turned({0, 1, 0}, pose.rotation_deg)};
}

Vec3 camera_from_plane(const Plane& plane, Point uv_m) {
    return plane.centre_m + uv_m.x * plane.u + uv_m.y * plane.v;
}

Vec3 direction_seen_from(const Pose& camera, Vec3 world) {
    return camera.rotation_deg == Vec3{} ? world : turned_back(world, camera.rotation_deg);
}

Vec3 place_seen_from(const Pose& camera, Vec3 world_m) {
    return direction_seen_from(camera, world_m - camera.position_m);
}

Pose seen_from(const Pose& camera, const Pose& world) {
    const Vec3 place = place_seen_from(camera, world.position_m);
    if (camera.rotation_deg == Vec3{}) return {place, world.rotation_deg};
    const Plane plane = plane_at(world);
    return {place, rotation_of(direction_seen_from(camera, plane.u), direction_seen_from(camera, plane.v))};
}

Pose pose_within(const Pose& outer, Point offset_m) {
    return {camera_from_plane(plane_at(outer), offset_m), outer.rotation_deg};
}

Vec3 from_entrance_pupil(const light::View& view, Vec3 camera_m) {
    return camera_m + Vec3{0, 0, view.entrance_pupil_m};
}

std::optional<Homography> plane_from_tangent(const light::View& view, const Plane& plane) {
    const Vec3 &a = plane.u, &b = plane.v, c = from_entrance_pupil(view, plane.centre_m);
    const Vec3 bc = cross(b, c), ca = cross(c, a), ab = cross(a, b);
    const double det = dot(a, bc);
    if (std::abs(det) < 1e-9 * length(c)) return std::nullopt;
    const double k = 1 / det;
    return Homography{
        {k * bc.x, k * bc.y, k * bc.z, k * ca.x, k * ca.y, k * ca.z, k * ab.x, k * ab.y, k * ab.z},
        1 / (view.entrance_pupil_m + kNearest_m)};
}

std::optional<Point> tangent_of(const light::View& view, Vec3 camera_m) {
    if (camera_m.z < kNearest_m) return std::nullopt;
    const double z = from_entrance_pupil(view, camera_m).z;
    return Point{camera_m.x / z, camera_m.y / z};
}

}  // namespace scenes
