#include "scenes/motion/snapshot.h"

#include "scenes/motion/moving.h"
#include "scenes/raster/render.h"

namespace scenes {
namespace {

/// A part and what is printed on it.
void add_part(Snapshot& all, const World& world, std::int64_t part) {
    const Pose at = part_pose(*world.conveyor, world.seed, part, all.time);
    const int plate = static_cast<int>(all.items.size());
    for (Item& item : part_items(*world.conveyor, world.seed, part, at)) {
        const int index = static_cast<int>(all.items.size());
        all.drawing_order.push_back(index);
        all.parents.push_back(index == plate ? Snapshot::kNone : plate);
        all.parts.push_back(std::move(item));
        all.items.push_back({&all.parts.back(), all.parts.back().pose, belt_velocity_m_s(*world.conveyor)});
    }
}

}  // namespace

Snapshot snapshot(const World& world, const light::View& view, Time time) {
    Snapshot all;
    all.time = time;
    for (const Item& item : world.items) all.items.push_back({&item, pose_at(item, time), item.velocity_m_s});
    all.parents.assign(world.items.size(), Snapshot::kNone);
    for (const Item* item : far_to_near(world))
        all.drawing_order.push_back(static_cast<int>(item - world.items.data()));
    for (const Moving& thing : moving(world, view, time, time)) {
        if (thing.part)
            add_part(all, world, *thing.part);
        else
            all.drawing_order.push_back(static_cast<int>(thing.item));
    }
    return all;
}

}  // namespace scenes
