#include "scenes/motion/snapshot.h"

#include "scenes/motion/moving.h"

namespace scenes {
namespace {

/// A part and what is printed on it.
void add_part(Snapshot& all, const World& world, std::int64_t part) {
    const Pose at = part_pose(*world.conveyor, world.seed, part, all.time);
    const Vec3 v = velocity_seen(world, all.time, at.position_m, belt_velocity_m_s(*world.conveyor));
    const int plate = static_cast<int>(all.items.size());
    for (Item& item : part_items(*world.conveyor, world.seed, part, seen_from(all.camera, at))) {
        const int index = static_cast<int>(all.items.size());
        all.drawing_order.push_back(index);
        all.parents.push_back(index == plate ? Snapshot::kNone : plate);
        all.parts.push_back(std::move(item));
        all.items.push_back({&all.parts.back(), all.parts.back().pose, v});
    }
}

}  // namespace

Snapshot snapshot(const World& world, const light::View& view, Time time) {
    Snapshot all;
    all.time = time;
    all.camera = camera_at(world, time);
    all.ground = ground_of(world, view, time);
    for (const Item& item : world.items) {
        const Pose at = pose_at(item, time);
        const Vec3 v = velocity_seen(world, time, at.position_m, rates_at(item, time).velocity_m_s);
        all.items.push_back({&item, seen_from(all.camera, at), v});
    }
    all.parents.assign(world.items.size(), Snapshot::kNone);
    for (const SeenItem& seen : still_items(world, view, time))
        all.drawing_order.push_back(static_cast<int>(seen.item - world.items.data()));
    for (const Moving& thing : moving_wholes(world, view, time, time)) {
        if (thing.part)
            add_part(all, world, *thing.part);
        else
            all.drawing_order.push_back(static_cast<int>(thing.item));
    }
    return all;
}

}  // namespace scenes
