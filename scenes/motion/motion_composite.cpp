#include <algorithm>
#include <cmath>

#include "scenes/geometry/outline.h"
#include "scenes/geometry/rectangles.h"
#include "scenes/motion/motion_blur.h"
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

float falloff_at(const View& view, const RelativeIllumination& falloff, double x, double y) {
    if (falloff.empty()) return 1;
    const double field =
        std::hypot(x - view.centre_px.x, y - view.centre_px.y) / view.corner_px * kFalloffSteps;
    const double last = static_cast<double>(falloff.size()) - 1, at = std::min(field, last);
    const auto below = static_cast<std::size_t>(at), above = std::min(below + 1, falloff.size() - 1);
    return falloff[below] +
           static_cast<float>(at - static_cast<double>(below)) * (falloff[above] - falloff[below]);
}

/// Lays a cell of the smeared thing over what `picture` (electrons per second by this lamp) holds.
void lay_over(Patch& picture, const MotionBlurCell& cell, const View& view,
              const RelativeIllumination& falloff) {
    const Rect& where = cell.where;
    for (int y = 0; y < where.height; ++y) {
        const int frame_y = where.y + y;
        const float* light = cell.light[static_cast<std::size_t>(y)].data();
        const float* coverage = cell.coverage[static_cast<std::size_t>(y)].data();
        float* out = picture.electrons.row(frame_y - picture.where.y) + (where.x - picture.where.x);
        const float gain = falloff_at(view, falloff, where.x, frame_y);
        const float slope = (falloff_at(view, falloff, where.x + kCell_px, frame_y) - gain) / kCell_px;
        for (int x = 0; x < where.width; ++x)
            out[x] = out[x] * (1 - coverage[x]) + (gain + static_cast<float>(x) * slope) * light[x];
    }
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

}  // namespace

MotionSums motion_sums_of(const Sprite& sprite, bool upright) {
    const int width = sprite.coverage.width, height = sprite.coverage.height;
    MotionSums motion_sums{sprite.where,
                           sprite.samples_per_pixel,
                           (upright ? height : width) + 1,
                           (upright ? width : height) + 3,
                           upright,
                           {}};
    for (std::size_t c = 0; c < 3; ++c) {
        auto& sums = motion_sums.sums[c];
        sums.assign(2 * static_cast<std::size_t>(motion_sums.width) * motion_sums.height, 0);
        for (int line = 0; line < motion_sums.height - 3; ++line) {
            float* out = sums.data() + 2 * static_cast<std::size_t>(motion_sums.width) * (line + 1);
            double light = 0, cover = 0;
            for (int i = 0; i < motion_sums.width - 1; ++i) {
                const int x = upright ? line : i, y = upright ? i : line;
                light += sprite.light[c].at(x, y), cover += sprite.coverage.at(x, y);
                out[2 * i + 2] = static_cast<float>(light), out[2 * i + 3] = static_cast<float>(cover);
            }
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
            const auto poses = seen_way(world, *placed.thing, {lamp.from, lamp.to});
            reach = around(reach, reach_of(view, placed.where, placed.thing->reference, poses));
        }
        reaches.push_back(reach);
    }

    // The picture of each lamp exposure is whole before the next one's is added: what hides light hides that
    // of its own lamp and moment.
    std::vector<Patch> patches;
    for (const Cluster& cluster : clusters_of(reaches)) {
        Patch sum;
        for (const LampExposure& lamp : exposures) {
            Patch picture = still_in(cluster.where, *lamp.still_e_s);
            for (const std::size_t thing : cluster.things) {
                const Moving& moving = *things[thing].thing;
                const auto poses = seen_way(world, moving, {lamp.from, lamp.to});
                const MotionBlur motion_blur(view, moving, sums(moving, lamp.lamp), poses, reaches[thing]);
                motion_blur.run([&](const MotionBlurCell& cell) { lay_over(picture, cell, view, falloff); });
            }
            if (finish) picture = finish(lamp.lamp, std::move(picture));
            add(sum, picture, lamp.seconds);
        }
        patches.push_back(std::move(sum));
    }
    return patches;
}

}  // namespace scenes
