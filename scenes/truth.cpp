#include "scenes/truth.h"

#include <algorithm>

#include "scenes/motion/moving.h"

namespace scenes {
namespace {

Visible visible_in(const light::View& view, const Box& box) {
    const double width = view.width_px, height = view.height_px;
    if (box.right <= 0 || box.bottom <= 0 || box.left >= width || box.top >= height) return Visible::none;
    if (box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height) return Visible::whole;
    return Visible::part;
}

/// Ground truth of an item with a pose and a velocity; nothing if any of it is behind the lens.
std::optional<TruthItem> truth_of(const Item& item, const Pose& pose, Vec3 velocity_m_s,
                                  const light::View& view) {
    TruthItem entry{item.name, item.kind, item.parent, item.content, item.defects, {}, {}, {}, {},
                    {},        pose,      0,           velocity_m_s};
    entry.pose.position_m = from_entrance_pupil(view, pose.position_m);
    entry.distance_m = entry.pose.position_m.z;
    const Plane plane = plane_at(pose);
    const Point corner{0.5 * item.width_m, 0.5 * item.height_m};
    const int steps = outline_steps(view, plane, item.width_m, item.height_m);
    std::vector<Point> pixels;
    for (const Point uv : rectangle_outline({-corner.x, -corner.y}, corner, steps)) {
        const auto pixel = pixel_of(view, camera_from_plane(plane, uv));
        if (!pixel) return std::nullopt;
        pixels.push_back(*pixel);
    }
    for (std::size_t i = 0; i < 4; ++i) entry.corners_px[i] = pixels[i * static_cast<std::size_t>(steps)];
    entry.box_px = box_of(pixels);
    entry.visible = visible_in(view, entry.box_px);

    constexpr double kMoment_s = 1e-3;
    const auto centre = pixel_of(view, pose.position_m);
    const auto next = pixel_of(view, pose.position_m + kMoment_s * velocity_m_s);
    if (!centre || !next) return std::nullopt;
    entry.centre_px = *centre;
    entry.velocity_px_s = {(next->x - centre->x) / kMoment_s, (next->y - centre->y) / kMoment_s};
    return entry;
}

}  // namespace

Truth truth(const World& world, const light::View& view, Time time) {
    Truth all{time, {}};
    const auto add = [&](const Item& item, const Pose& pose, Vec3 velocity_m_s) {
        if (auto entry = truth_of(item, pose, velocity_m_s, view)) all.items.push_back(std::move(*entry));
    };
    for (const Item& item : world.items) add(item, pose_at(item, time), item.velocity_m_s);
    if (!world.conveyor) return all;

    const Conveyor& conveyor = *world.conveyor;
    for (const Moving& thing : moving(world, view, time, time)) {
        if (!thing.part) continue;
        const Pose at = part_pose(conveyor, world.seed, *thing.part, time);
        for (const Item& item : part_items(conveyor, world.seed, *thing.part, at))
            add(item, item.pose, belt_velocity_m_s(conveyor));
    }
    return all;
}

}  // namespace scenes
