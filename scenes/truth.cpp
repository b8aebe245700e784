#include "scenes/truth.h"

#include <algorithm>

namespace scenes {
namespace {

Visible visible_in(const light::View& view, const Box& box) {
    const double width = view.width_px, height = view.height_px;
    if (box.right <= 0 || box.bottom <= 0 || box.left >= width || box.top >= height) return Visible::none;
    if (box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height) return Visible::whole;
    return Visible::part;
}

/// Ground truth of an item; nothing if any of it is behind the lens.
std::optional<TruthItem> truth_of(int id, const Snapshot::Entry& at, const light::View& view) {
    const Item& item = *at.item;
    const Pose& pose = at.pose;
    TruthItem entry;
    entry.id = id;
    entry.name = item.name, entry.kind = item.kind, entry.parent = item.parent;
    entry.content = item.content, entry.defects = item.defects;
    entry.width_m = item.width_m, entry.height_m = item.height_m;
    entry.pose = pose, entry.velocity_m_s = at.velocity_m_s;
    entry.pose.position_m = from_entrance_pupil(view, pose.position_m);
    entry.distance_m = entry.pose.position_m.z;
    const Plane plane = plane_at(pose);
    std::vector<Point> pixels;
    for (const Point uv : outline_of(view, plane, item.width_m, item.height_m)) {
        const auto pixel = pixel_of(view, camera_from_plane(plane, uv));
        if (!pixel) return std::nullopt;
        pixels.push_back(*pixel);
    }
    for (std::size_t i = 0; i < 4; ++i) entry.corners_px[i] = pixels[i * pixels.size() / 4];
    entry.box_px = box_of(pixels);
    entry.visible = visible_in(view, entry.box_px);

    constexpr double kMoment_s = 1e-3;
    const auto centre = pixel_of(view, pose.position_m);
    const auto next = pixel_of(view, pose.position_m + kMoment_s * at.velocity_m_s);
    if (!centre || !next) return std::nullopt;
    entry.centre_px = *centre;
    entry.velocity_px_s = {(next->x - centre->x) / kMoment_s, (next->y - centre->y) / kMoment_s};
    return entry;
}

}  // namespace

Truth truth(const Snapshot& snapshot, const light::View& view) {
    Truth all{snapshot.time, snapshot.camera, {}};
    for (std::size_t i = 0; i < snapshot.items.size(); ++i)
        if (auto entry = truth_of(static_cast<int>(i), snapshot.items[i], view))
            all.items.push_back(std::move(*entry));
    return all;
}

Truth truth(const World& world, const light::View& view, Time time) {
    return truth(snapshot(world, view, time), view);
}

}  // namespace scenes
