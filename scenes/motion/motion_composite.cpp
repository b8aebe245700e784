#include <algorithm>
#include <cmath>
#include <list>
#include <numbers>

#include "scenes/geometry/outline.h"
#include "scenes/geometry/rectangles.h"
#include "scenes/motion/layer_light.h"
#include "scenes/motion/moving.h"

namespace scenes {
namespace {

using light::Rect;
using light::View;

/// The pixels that a sprite may touch while the thing goes from pose to pose.
Rect reach_of(const View& view, const Rect& sprite, const Pose& reference, std::span<const Pose> poses) {
    const auto back = plane_from_tangent(view, plane_at(reference));
    if (!back) return {};
    const Rect frame{0, 0, view.width_px, view.height_px};
    const double right = sprite.x + sprite.width, bottom = sprite.y + sprite.height;
    std::vector<Point> pixels;
    for (const Point p : rectangle_outline({static_cast<double>(sprite.x), static_cast<double>(sprite.y)},
                                           {right, bottom}, 4)) {
        const Mapped uv = map(*back, light::tangent_from_pixel(view, p));
        if (!back->in_front(uv.w)) return frame;
        for (const Pose& pose : poses) {
            const auto pixel = pixel_of(view, camera_from_plane(plane_at(pose), uv.at));
            if (!pixel) return frame;
            pixels.push_back(*pixel);
        }
    }
    const Box box = box_of(pixels);
    constexpr int kRim = 2 + kPatchRim;
    const int left = static_cast<int>(std::floor(std::clamp(box.left, -1e5, 1e5))) - kRim;
    const int top = static_cast<int>(std::floor(std::clamp(box.top, -1e5, 1e5))) - kRim;
    const Rect reach{left, top, static_cast<int>(std::ceil(std::clamp(box.right, -1e5, 1e5))) + kRim - left,
                     static_cast<int>(std::ceil(std::clamp(box.bottom, -1e5, 1e5))) + kRim - top};
    return overlap(reach, frame);
}

Patch still_in(const Rect& where, const light::Mosaic& still) {
    Patch picture{where, light::Mosaic(where.width, where.height)};
    for (int y = 0; y < where.height; ++y)
        std::copy_n(still.row(where.y + y) + where.x, where.width, picture.electrons.row(y));
    return picture;
}

/// Electrons collected during the lamp exposure.
void add(Patch& sum, const Patch& picture, const std::array<double, 3>& seconds) {
    const Rect& where = picture.where;
    if (sum.where.empty()) sum = {where, light::Mosaic(where.width, where.height)};
    for (int y = 0; y < where.height; ++y) {
        const float* from = picture.electrons.row(y);
        float* out = sum.electrons.row(y);
        const std::size_t even = static_cast<std::size_t>(((where.y + y) & 1) + (where.x & 1));
        const std::size_t odd = static_cast<std::size_t>(((where.y + y) & 1) + (~where.x & 1));
        const float scale[2] = {static_cast<float>(seconds[even]), static_cast<float>(seconds[odd])};
        for (int x = 0; x < where.width; ++x) out[x] += from[x] * scale[x & 1];
    }
}

/// Rectangles that overlap become one, so that each pixel of the frame has one patch.
struct Cluster {
    Rect where;
    std::vector<std::size_t> things;
};

std::vector<Cluster> clusters_of(std::span<const Rect> reaches) {
    std::vector<Cluster> clusters;
    for (std::size_t i = 0; i < reaches.size(); ++i) {
        if (reaches[i].empty()) continue;
        Cluster merged{reaches[i], {i}};
        for (bool grew = true; grew;) {
            grew = false;
            for (auto other = clusters.begin(); other != clusters.end(); ++other) {
                if (overlap(other->where, merged.where).empty()) continue;
                merged.where = around(merged.where, other->where);
                merged.things.insert(merged.things.end(), other->things.begin(), other->things.end());
                clusters.erase(other);
                grew = true;
                break;
            }
        }
        std::sort(merged.things.begin(), merged.things.end());
        clusters.push_back(std::move(merged));
    }
    return clusters;
}

/// Corners of cells, once for each part of the frame.
class KnownCorners {
  public:
    explicit KnownCorners(const View& view) : view_(view) {}
    const CellCorners& of(const Rect& part, int pitch) {
        for (const Known& known : known_)
            if (known.part == part && known.pitch == pitch) return known.corners;
        return known_.emplace_back(Known{part, pitch, CellCorners(view_, part, pitch)}).corners;
    }

  private:
    struct Known {
        Rect part;
        int pitch;
        CellCorners corners;
    };
    const View& view_;
    std::list<Known> known_;
};

/// Whether neighbours on the belt do not touch, however they lie.
bool lie_apart(const Conveyor& c) {
    constexpr double kRad = std::numbers::pi / 180;
    // The most that a side of a part counts along the belt, over all angles between it and the belt.
    const auto most = [&](double angle_deg) {
        const double off = std::abs(std::remainder(angle_deg, 180.0));
        return std::cos(std::max(0.0, off - c.turn_deg) * kRad);
    };
    return c.part_width_m * most(c.heading_deg) + c.part_height_m * most(c.heading_deg - 90) <= c.pitch_m;
}

/// Things that follow one another in drawing order and do not hide one another.
std::span<const std::size_t> first_layer(const World& world, std::span<const Placed> things,
                                         std::span<const std::size_t> order) {
    const bool parts_meet = world.conveyor && !lie_apart(*world.conveyor);
    const auto beside = [&](const Moving& a, const Moving& b) {
        if (a.part && b.part) return a.part == b.part || !parts_meet;
        return !a.part && !b.part && a.item == b.item;
    };
    std::size_t count = 1;
    while (count < order.size() && beside(*things[order[0]].thing, *things[order[count]].thing)) ++count;
    return order.first(count);
}

}  // namespace

/// The sums of a tile go on for a sample, so that nothing is lost at its seam.
MotionSums motion_sums_of(const Sprite& sprite, const Moving& thing) {
    const int width = sprite.coverage.width, height = sprite.coverage.height;
    const bool upright = thing.upright;
    const int length = upright ? height : width;
    MotionSums motion_sums{sprite.where,
                           sprite.samples_per_pixel,
                           length + (thing.is_tile() ? 2 : 1),
                           (upright ? width : height) + 3,
                           upright,
                           {}};
    for (std::size_t c = 0; c < 3; ++c) {
        auto& sums = motion_sums.sums[c];
        sums.assign(2 * static_cast<std::size_t>(motion_sums.width) * motion_sums.height, 0);
        for (int line = 0; line < motion_sums.height - 3; ++line) {
            float* out = sums.data() + 2 * static_cast<std::size_t>(motion_sums.width) * (line + 1);
            double light = 0, cover = 0;
            for (int i = 0; i < length; ++i) {
                const int x = upright ? line : i, y = upright ? i : line;
                light += sprite.light[c].at(x, y), cover += sprite.coverage.at(x, y);
                out[2 * i + 2] = static_cast<float>(light), out[2 * i + 3] = static_cast<float>(cover);
            }
            for (int i = length + 1; i < motion_sums.width; ++i)
                out[2 * i] = static_cast<float>(light), out[2 * i + 1] = static_cast<float>(cover);
        }
    }
    return motion_sums;
}

std::vector<Patch> compose(const World& world, const View& view, std::span<const Placed> things,
                           const MotionSumsSource& sums, std::span<const LampExposure> exposures,
                           const RelativeIllumination& falloff, const Finish& finish) {
    // Extent of each thing over all lamps.
    std::vector<Rect> reaches;
    for (const Placed& placed : things) {
        Rect reach;
        for (const LampExposure& lamp : exposures) {
            const auto way = seen_way(world, view, *placed.thing, placed.where, {lamp.from, lamp.to});
            if (way.poses.empty()) continue;
            reach = around(reach, reach_of(view, placed.where, placed.thing->reference, way.poses));
        }
        reaches.push_back(reach);
    }

    KnownCorners corners(view);
    const auto lay_over = [&](Patch& picture, const LampExposure& lamp, std::span<const std::size_t> layer) {
        Rect part;
        int pitch = kCell_px;
        for (const std::size_t thing : layer) {
            part = around(part, reaches[thing]);
            pitch = std::min(pitch, blur_pitch_px(things[thing].samples_per_pixel));
        }
        LayerLight light(view, falloff, part, pitch);
        for (const std::size_t thing : layer) {
            const Moving& moving = *things[thing].thing;
            const auto way = seen_way(world, view, moving, things[thing].where, {lamp.from, lamp.to});
            if (way.poses.empty()) continue;
            const MotionBlur motion_blur(view, moving, sums(moving, lamp.lamp), way,
                                         corners.of(reaches[thing], pitch), pitch);
            motion_blur.run([&](const MotionBlurCell& cell) { light.add(cell); });
        }
        light.lay_over(picture);
    };

    // The picture of each lamp exposure is whole before the next one's is added: what hides light hides that
    // of its own lamp and moment.
    std::vector<Patch> patches;
    for (const Cluster& cluster : clusters_of(reaches)) {
        Patch sum;
        for (const LampExposure& lamp : exposures) {
            Patch picture = still_in(cluster.where, *lamp.still_e_s);
            for (std::span<const std::size_t> rest = cluster.things; !rest.empty();) {
                const auto layer = first_layer(world, things, rest);
                lay_over(picture, lamp, layer);
                rest = rest.subspan(layer.size());
            }
            if (finish) picture = finish(lamp.lamp, std::move(picture));
            add(sum, picture, lamp.seconds);
        }
        patches.push_back(std::move(sum));
    }
    return patches;
}

}  // namespace scenes
