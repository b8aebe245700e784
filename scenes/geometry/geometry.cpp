#include "scenes/geometry/geometry.h"

#include <cmath>
#include <numbers>

namespace scenes {
namespace {

constexpr double kNearest_m = 1e-4;  // nothing stands closer to the front of the lens

Vec3 turned(Vec3 p, Vec3 rotation_deg) {
    constexpr double rad = std::numbers::pi / 180;
    const auto turn = [](double& a, double& b, double angle) {
        const double c = std::cos(angle), s = std::sin(angle), before = a;
        a = c * before - s * b;
        b = s * before + c * b;
    };
    turn(p.y, p.z, rotation_deg.x * rad);
    turn(p.z, p.x, rotation_deg.y * rad);
    turn(p.x, p.y, rotation_deg.z * rad);
    return p;
}

}  // namespace

double length(Vec3 a) { return std::sqrt(a.x * a.x + a.y * a.y + a.z * a.z); }

Plane plane_at(const Pose& pose) {
    return {pose.position_m, turned({1, 0, 0}, pose.rotation_deg), turned({0, 1, 0}, pose.rotation_deg)};
}

Vec3 camera_from_plane(const Plane& plane, Point uv_m) {
    return plane.centre_m + uv_m.x * plane.u + uv_m.y * plane.v;
}

Pose pose_within(const Pose& outer, Point offset_m) {
    return {camera_from_plane(plane_at(outer), offset_m), outer.rotation_deg};
}

Vec3 from_entrance_pupil(const light::View& view, Vec3 camera_m) {
    return camera_m + Vec3{0, 0, view.entrance_pupil_m};
}

std::optional<Homography> plane_from_tangent(const light::View& view, const Plane& plane) {
    const Vec3 &a = plane.u, &b = plane.v, c = from_entrance_pupil(view, plane.centre_m);
    const auto cross = [](Vec3 p, Vec3 q) {
        return Vec3{p.y * q.z - p.z * q.y, p.z * q.x - p.x * q.z, p.x * q.y - p.y * q.x};
    };
    const Vec3 bc = cross(b, c), ca = cross(c, a), ab = cross(a, b);
    const double det = a.x * bc.x + a.y * bc.y + a.z * bc.z;
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
