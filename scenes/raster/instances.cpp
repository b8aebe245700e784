#include "scenes/raster/instances.h"

#include <algorithm>
#include <limits>

#include "scenes/geometry/rectangles.h"
#include "scenes/raster/clipped_pattern.h"
#include "scenes/raster/plane_block.h"

namespace scenes {
namespace {

using light::Rect;

/// Lays one item over what is there.
template <class Pattern>
class Cover {
  public:
    Cover(Instances& to, int index, const TangentMap& map, const Plane& plane, const Pattern& pattern)
        : to_(to), index_(index), map_(map), plane_(plane), pattern_(pattern) {}

    void block(const PlaneBlock& block, Rect bounds) {
        const Rect part = overlap(block.samples(), bounds);
        if (part.empty() || !block.in_front()) return;
        const Footprint f = block.footprint();
        const auto middle = pattern_.at(block.centre());
        const bool uniform = middle.clearance_m > 0.55 * map_.block_samples() * (f.width + f.narrow);
        if (uniform && middle.material == targets::kNothing) return;
        for (int y = part.y; y < part.y + part.height; ++y)
            for (int x = part.x; x < part.x + part.width; ++x) {
                const Point uv = block.sample(PlaneBlock::kGreen, x, y);
                if (uniform || pattern_.at(uv).material != targets::kNothing) set(x, y, uv);
            }
    }

  private:
    void set(int x, int y, Point uv) {
        const double z_m = camera_from_plane(plane_, uv).z + map_.view().entrance_pupil_m;
        const int column = x + map_.pixels().x - to_.where.x, row = y + map_.pixels().y - to_.where.y;
        to_.item.at(column, row) = index_;
        to_.depth_m.at(column, row) = static_cast<float>(z_m);
        ++to_.covered_px[static_cast<std::size_t>(index_)];
    }

    Instances& to_;
    const int index_;
    const TangentMap& map_;
    const Plane& plane_;
    const Pattern& pattern_;
};

void cover(Instances& to, int index, const TangentMap& map, const Snapshot::Entry& entry) {
    const Plane plane = plane_at(entry.pose);
    const auto homography = plane_from_tangent(map.view(), plane);
    const Rect wanted{to.where.x - map.pixels().x, to.where.y - map.pixels().y, to.where.width,
                      to.where.height};
    const Rect where = overlap(bounds(map, box_seen(map.view(), *entry.item, entry.pose)), wanted);
    if (!homography || where.empty()) return;
    with_pattern(*entry.item, [&](const auto& pattern) {
        Cover cover(to, index, map, plane, pattern);
        const int n = map.block_samples();
        for (int row = where.y / n; row <= (where.y + where.height - 1) / n; ++row)
            for (int column = where.x / n; column <= (where.x + where.width - 1) / n; ++column)
                cover.block({map, *homography, column, row}, where);
    });
}

/// Depth of a tilted background.
void lay_ground(Instances& to, const TangentMap& map, const Horizon& horizon) {
    const int n = map.block_samples();
    for (int row = 0; row < to.where.height; ++row)
        for (int column = 0; column < to.where.width; ++column) {
            const int x = to.where.x - map.pixels().x + column, y = to.where.y - map.pixels().y + row;
            const auto block = map.block(PlaneBlock::kGreen, x / n, y / n);
            const Point tangent = block.at((x % n + 0.5) / n, (y % n + 0.5) / n);
            const double inverse_z = horizon.inverse_z(tangent);
            to.depth_m.at(column, row) = horizon.in_front(inverse_z) ? static_cast<float>(1 / inverse_z)
                                                                     : std::numeric_limits<float>::infinity();
        }
}

}  // namespace

TangentMap pixel_centres(const light::View& view, Rect pixels) {
    return {view, {.pixels = pixels, .margin_px = 0, .samples_per_pixel = 1}};
}

Instances instances(const Snapshot& snapshot, const TangentMap& map, Rect pixels) {
    const auto far_m = static_cast<float>(snapshot.ground.distance_m + map.view().entrance_pupil_m);
    Instances all{pixels, light::Image<int>(pixels.width, pixels.height, Snapshot::kNone),
                  light::Image<float>(pixels.width, pixels.height, far_m),
                  std::vector<int>(snapshot.items.size())};
    if (snapshot.ground.horizon) lay_ground(all, map, *snapshot.ground.horizon);
    for (const int index : snapshot.drawing_order)
        cover(all, index, map, snapshot.items[static_cast<std::size_t>(index)]);
    return all;
}

}  // namespace scenes
