#include "scenes/seen.h"

#include <cmath>
#include <limits>

namespace scenes {
namespace {

constexpr double kNearestGround_m = 0.001;

Pose after(const Pose& pose, const Rates& rates, double time_s) {
    return {pose.position_m + time_s * rates.velocity_m_s, pose.rotation_deg + time_s * rates.spin_deg_s};
}

}  // namespace

Box box_seen(const light::View& view, const Item& item, const Pose& pose) {
    constexpr double kEnd = 1e6;
    const Plane plane = plane_at(pose);
    std::vector<Point> pixels;
    for (const Point uv : outline_of(view, plane, item.width_m, item.height_m)) {
        const auto tangent = tangent_of(view, camera_from_plane(plane, uv));
        if (!tangent) return {-kEnd, -kEnd, kEnd, kEnd};
        for (int c = 0; c < 3; ++c) pixels.push_back(light::pixel_from_tangent(view, *tangent, c));
    }
    return box_of(pixels);
}

std::vector<SeenItem> resting_items(const World& world, const light::View& view, Span during) {
    const Pose camera = camera_at(world, during.middle());
    std::vector<SeenItem> items;
    std::vector<Facet> facets;
    for (const Item& item : world.items) {
        if (moves(item)) continue;
        const Facet facet{seen_from(camera, item.pose), item.width_m, item.height_m};
        const auto distance_m = distance_of(facet);
        if (!distance_m) continue;
        items.push_back({&item, facet.pose, *distance_m, box_seen(view, item, facet.pose)});
        facets.push_back(facet);
    }
    std::vector<SeenItem> ordered;
    for (const int i : far_to_near(view, facets)) ordered.push_back(items[static_cast<std::size_t>(i)]);
    return ordered;
}

std::vector<SeenItem> still_items(const World& world, const light::View& view, Span during) {
    if (camera_moves(world, during)) return {};
    return resting_items(world, view, during);
}

Vec3 velocity_seen(const World& world, Time time, Vec3 place_m, Vec3 velocity_m_s) {
    const Pose camera = camera_at(world, time);
    if (!camera_moves(world, time)) return direction_seen_from(camera, velocity_m_s);
    constexpr double kMoment_s = 1e-6;
    const Rates rates = rates_at(world.camera_pose, time);
    const auto seen = [&](double time_s) {
        return place_seen_from(after(camera, rates, time_s), place_m + time_s * velocity_m_s);
    };
    return 0.5 / kMoment_s * (seen(kMoment_s) - seen(-kMoment_s));
}

Ground ground_of(const World& world, const light::View& view, Span during) {
    constexpr double kFar = std::numeric_limits<double>::infinity();
    const double distance_m = world.background.distance_m;
    if (std::isinf(distance_m)) return {kFar, {}};
    const Pose camera = camera_at(world, during.middle());
    const Vec3 normal = direction_seen_from(camera, {0, 0, 1});
    const Vec3 place = place_seen_from(camera, {0, 0, distance_m});
    const bool facing = normal.x == 0 && normal.y == 0 && normal.z > 0;
    if (facing && place.z >= kNearestGround_m) return {place.z, {}};
    const double offset_m = dot(normal, from_entrance_pupil(view, place));
    const Vec3 inverse = std::abs(offset_m) < 1e-12 ? Vec3{} : 1 / offset_m * normal;
    const double most = 1 / (view.entrance_pupil_m + kNearestGround_m);
    const bool on_axis = inverse.z > 0 && inverse.z < most;
    return {on_axis ? 1 / inverse.z - view.entrance_pupil_m : kFar, Horizon{inverse, most}};
}

SeenScene still_scene(const World& world, const light::View& view, Span during) {
    return {ground_of(world, view, during), still_items(world, view, during)};
}

SeenScene resting_scene(const World& world, const light::View& view, Span during) {
    return {ground_of(world, view, during), resting_items(world, view, during)};
}

}  // namespace scenes
