#pragma once

#include <optional>
#include <vector>

#include "scenes/geometry/depth_order.h"
#include "scenes/geometry/outline.h"
#include "scenes/world.h"

/// The world in the frame of its camera. Here alone the camera's pose counts; all that draws or measures
/// takes places from here.
namespace scenes {

[[nodiscard]] inline Pose camera_at(const World& world, Time time) {
    return pose_at(world.camera_pose, time);
}
[[nodiscard]] inline bool camera_moves(const World& world, Span during) {
    return moves(world.camera_pose, during);
}

/// An item in the frame of the camera.
struct SeenItem {
    const Item* item = nullptr;
    Pose pose;
    double distance_m = 0;  // for blur
    Box box_px;             // that it may touch, in any colour
};

/// Where an item lies in the picture; without end if a part of it is not in front of the lens.
[[nodiscard]] Box box_seen(const light::View&, const Item&, const Pose&);

/// The items in front of the camera that stand still in the world, from far to near, as they are seen in the
/// middle of the span.
[[nodiscard]] std::vector<SeenItem> resting_items(const World&, const light::View&, Span);
/// Those of them that stand still in the picture, too: none while the camera moves.
[[nodiscard]] std::vector<SeenItem> still_items(const World&, const light::View&, Span);

/// Velocity of a place that moves in the world, in the frame of the camera.
[[nodiscard]] Vec3 velocity_seen(const World&, Time, Vec3 place_m, Vec3 velocity_m_s);

/// Where a tilted plane without end is seen: 1/z of the place that the direction (x, y) meets, z from the
/// entrance pupil, is linear in the direction.
struct Horizon {
    Vec3 inverse;     // 1/z = x · inverse.x + y · inverse.y + inverse.z
    double most = 0;  // of places at the front of the lens; nothing is seen behind it

    [[nodiscard]] double inverse_z(Point tangent) const {
        return inverse.x * tangent.x + inverse.y * tangent.y + inverse.z;
    }
    [[nodiscard]] bool in_front(double inverse_z) const { return inverse_z > 0 && inverse_z < most; }
};

/// The background in the frame of the camera.
struct Ground {
    double distance_m = 0;           // on the optical axis; infinity where it does not meet that
    std::optional<Horizon> horizon;  // nothing: it fills the view at this distance
};
[[nodiscard]] Ground ground_of(const World&, const light::View&, Span);

/// What of the world is drawn as still, from far to near.
struct SeenScene {
    Ground ground;
    std::vector<SeenItem> items;
};
/// What stands still in the picture.
[[nodiscard]] SeenScene still_scene(const World&, const light::View&, Span = {});
/// Also what goes by only because the camera moves.
[[nodiscard]] SeenScene resting_scene(const World&, const light::View&, Span = {});

}  // namespace scenes
