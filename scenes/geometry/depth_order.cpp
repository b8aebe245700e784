#include "scenes/geometry/depth_order.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace scenes {
namespace {

constexpr double kNearestDistance_m = 0.001;
constexpr double kSamePlane_m = 1e-9;

std::array<Vec3, 4> corners_of(const Facet& facet) {
    const Plane plane = plane_at(facet.pose);
    const double u = 0.5 * facet.width_m, v = 0.5 * facet.height_m;
    return {camera_from_plane(plane, {-u, -v}), camera_from_plane(plane, {u, -v}),
            camera_from_plane(plane, {u, v}), camera_from_plane(plane, {-u, v})};
}

/// A facet with its normal away from the camera.
struct Side {
    Vec3 normal;
    double offset_m = 0;  // of the plane from the centre of projection
    double distance_m = 0;
    std::array<Vec3, 4> corners;  // from the centre of projection
};

Side side_of(const light::View& view, const Facet& facet) {
    const Plane plane = plane_at(facet.pose);
    Side side{cross(plane.u, plane.v), 0, facet.pose.position_m.z, corners_of(facet)};
    for (Vec3& corner : side.corners) corner = from_entrance_pupil(view, corner);
    side.offset_m = dot(side.normal, from_entrance_pupil(view, plane.centre_m));
    if (side.offset_m < 0) side.normal = -1 * side.normal, side.offset_m = -side.offset_m;
    return side;
}

enum class Order { none, first, last };  // when `a` is drawn

/// By where `a` lies of the plane of `b`.
Order order_by_plane(const Side& a, const Side& b) {
    if (b.offset_m < kSamePlane_m) return Order::none;  // seen edge on
    bool beyond = false, before = false;
    for (const Vec3& corner : a.corners) {
        const double by_m = dot(b.normal, corner) - b.offset_m;
        beyond = beyond || by_m > kSamePlane_m;
        before = before || by_m < -kSamePlane_m;
    }
    if (beyond && before) return Order::none;
    return before ? Order::last : Order::first;
}

/// Of facets in one plane the earlier is drawn first.
Order order_of(const Side& earlier, const Side& later) {
    const Order by_later = order_by_plane(earlier, later);
    if (by_later != Order::none) return by_later;
    switch (order_by_plane(later, earlier)) {
        case Order::first:
            return Order::last;
        case Order::last:
            return Order::first;
        default:
            return Order::none;
    }
}

bool all_parallel(std::span<const Side> sides) {
    return std::all_of(sides.begin(), sides.end(), [&](const Side& side) {
        return length(cross(side.normal, sides[0].normal)) < 1e-12 && dot(side.normal, sides[0].normal) > 0;
    });
}

/// Takes, again and again, the farthest of those that nothing left must be drawn before.
std::vector<int> ordered_by_pairs(std::span<const Side> sides) {
    const std::size_t count = sides.size();
    std::vector<std::vector<int>> after(count);  // what must be drawn after each
    std::vector<int> before(count);              // how many must be drawn before each
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j) {
            const Order order = order_of(sides[i], sides[j]);
            if (order == Order::none) continue;
            const auto first = order == Order::first ? i : j, last = order == Order::first ? j : i;
            after[first].push_back(static_cast<int>(last));
            ++before[last];
        }
    std::vector<int> left(count), order;
    std::iota(left.begin(), left.end(), 0);
    while (!left.empty()) {
        const auto comes_later = [&](int a, int b) {
            const bool a_waits = before[a] > 0, b_waits = before[b] > 0;
            if (a_waits != b_waits) return a_waits;
            return sides[a].distance_m < sides[b].distance_m;
        };
        const auto next = std::max_element(left.begin(), left.end(), comes_later);
        for (const int later : after[*next]) --before[later];
        order.push_back(*next);
        left.erase(next);
    }
    return order;
}

}  // namespace

std::optional<double> distance_of(const Facet& facet) {
    const double centre_m = facet.pose.position_m.z;
    if (centre_m >= kNearestDistance_m) return centre_m;
    double sum_m = 0;
    int in_front = 0;
    for (const Vec3& corner : corners_of(facet)) {
        if (corner.z < kNearestDistance_m) continue;
        sum_m += corner.z;
        ++in_front;
    }
    if (in_front == 0) return std::nullopt;
    return sum_m / in_front;
}

std::vector<int> far_to_near(const light::View& view, std::span<const Facet> facets) {
    std::vector<Side> sides;
    for (const Facet& facet : facets) sides.push_back(side_of(view, facet));
    if (!all_parallel(sides)) return ordered_by_pairs(sides);
    std::vector<int> order(sides.size());
    std::iota(order.begin(), order.end(), 0);
    const auto steps = [&](int i) { return std::llround(sides[i].offset_m / kSamePlane_m); };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return steps(a) > steps(b); });
    return order;
}

}  // namespace scenes
