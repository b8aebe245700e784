#include "scenes/motion/moving.h"

#include <algorithm>
#include <cmath>

#include "scenes/geometry/outline.h"
#include "scenes/light/random.h"
#include "scenes/raster/render.h"
#include "scenes/raster/texture_cache.h"

namespace scenes {
namespace {

using light::Rect;

constexpr double kReach_px = 200;  // where the blur radius is not given
/// Of the logarithm: things that come closer are drawn anew at each step.
constexpr double kDistanceStep = 0.02;

Box box_at(const light::View& view, const Pose& pose, double width_m, double height_m) {
    const Plane plane = plane_at(pose);
    std::vector<Point> pixels;
    for (const Point uv :
         rectangle_outline({-0.5 * width_m, -0.5 * height_m}, {0.5 * width_m, 0.5 * height_m},
                           outline_steps(view, plane, width_m, height_m)))
        if (const auto pixel = pixel_of(view, camera_from_plane(plane, uv))) pixels.push_back(*pixel);
    return box_of(pixels);
}

bool in_frame(const light::View& view, const Box& a, const Box& b, double reach) {
    return std::max(a.right, b.right) > -reach && std::min(a.left, b.left) < view.width_px + reach &&
           std::max(a.bottom, b.bottom) > -reach && std::min(a.top, b.top) < view.height_px + reach;
}

/// The place on its way that is closest to the optical axis, for what stays at its distance.
Pose reference_of(const Item& item, const Pose& at) {
    const Vec3 &v = item.velocity_m_s, &p = at.position_m;
    if (v.z != 0) {
        const double z = std::exp(kDistanceStep * std::round(std::log(std::max(p.z, 1e-3)) / kDistanceStep));
        return {{0, 0, z}, item.pose.rotation_deg};
    }
    const double square = v.x * v.x + v.y * v.y;
    const double back_s = square > 0 ? (p.x * v.x + p.y * v.y) / square : 0;
    return {p - back_s * v, item.pose.rotation_deg};
}

/// A thing that turns out of the plane is drawn as it is at its widest.
Pose facing(const Item& item, Pose reference) {
    if (item.spin_deg_s.x != 0 || item.spin_deg_s.y != 0) reference.rotation_deg = {};
    return reference;
}

Moving moving_item(const World& world, std::size_t index, Time time) {
    const Item& item = world.items[index];
    const Pose at = pose_at(item, time);
    Moving thing{0, {}, index, facing(item, reference_of(item, at)), at.position_m.z, time};
    std::uint64_t look = 0;
    if (item.velocity_m_s.z != 0)
        look = static_cast<std::uint64_t>(std::llround(1e6 * thing.reference.position_m.z));
    if (const auto* picture = std::get_if<targets::Picture>(&item.target))
        look = light::hash(look, picture->frame_at(time), 0);
    thing.key = light::hash(world.seed, index, look);
    return thing;
}

std::vector<Item> items_of(const World& world, const Moving& thing) {
    if (!thing.part || !world.conveyor) {
        std::vector<Item> items{world.items[thing.item]};
        items[0].pose = thing.reference;
        return items;
    }
    return part_items(*world.conveyor, world.seed, *thing.part, thing.reference);
}

/// A part passes the lane's centre; a place close to the axis sees the least distortion.
Pose part_reference(const Conveyor& conveyor, std::uint64_t seed, std::int64_t part, Time time) {
    Pose pose = part_pose(conveyor, seed, part, time);
    const Vec3 v = belt_velocity_m_s(conveyor);
    const double square = v.x * v.x + v.y * v.y;
    if (square > 0)
        pose.position_m = pose.position_m - (pose.position_m.x * v.x + pose.position_m.y * v.y) / square * v;
    return pose;
}

}  // namespace

Pose pose_of(const World& world, const Moving& thing, Time time) {
    if (!thing.part || !world.conveyor) return pose_at(world.items[thing.item], time);
    return part_pose(*world.conveyor, world.seed, *thing.part, time);
}

std::vector<Moving> moving(const World& world, const light::View& view, Time from, Time to,
                           const BlurReach& blur_reach) {
    std::vector<Moving> things;
    const auto add = [&](const Moving& thing, double width_m, double height_m) {
        const Box a = box_at(view, pose_of(world, thing, from), width_m, height_m);
        const Box b = box_at(view, pose_of(world, thing, to), width_m, height_m);
        const double reach = blur_reach ? blur_reach(thing.distance_m) : kReach_px;
        if (!a.empty() && in_frame(view, a, b, reach)) things.push_back(thing);
    };
    for (std::size_t i = 0; i < world.items.size(); ++i)
        if (moves(world.items[i]))
            add(moving_item(world, i, from), world.items[i].width_m, world.items[i].height_m);
    if (world.conveyor) {
        const Conveyor& c = *world.conveyor;
        const PartRange first = parts_on(c, from), last = parts_on(c, to);
        for (std::int64_t part = first.first; part <= last.last; ++part)
            add({light::hash(world.seed, static_cast<std::uint64_t>(part), ~0ULL), part, 0,
                 part_reference(c, world.seed, part, from), c.distance_m, from},
                c.part_width_m, c.part_height_m);
    }
    std::stable_sort(things.begin(), things.end(),
                     [](const Moving& a, const Moving& b) { return a.distance_m > b.distance_m; });
    return things;
}

namespace {

/// About the thing itself: once the margin is what blur spreads it into, twice what blur takes from.
Raster sprite_raster(const Item& item, const Moving& thing, const light::View& view, const Raster& wanted,
                     int margins) {
    const Box box = box_at(view, thing.reference, item.width_m, item.height_m);
    const int left = static_cast<int>(std::floor(box.left)), top = static_cast<int>(std::floor(box.top));
    Raster raster = wanted;
    raster.pixels = {left - 2, top - 2, static_cast<int>(std::ceil(box.right)) - left + 4,
                     static_cast<int>(std::ceil(box.bottom)) - top + 4};
    raster.margin_px = margins * wanted.margin_px;
    return raster;
}

}  // namespace

light::Rect sprite_pixels(const World& world, const Moving& thing, const light::View& view,
                          const Raster& wanted) {
    return grown(sprite_raster(items_of(world, thing)[0], thing, view, wanted, 1));
}

light::Radiance render_sprite(const World& world, const Moving& thing, const light::View& view,
                              const light::Response& response, std::size_t lamp, const Raster& wanted) {
    const std::vector<Item> items = items_of(world, thing);
    const auto raster = [&](int margins) { return sprite_raster(items[0], thing, view, wanted, margins); };
    const Rect pixels = grown(raster(1)), rendered = grown(raster(2));

    const Lit lit{world.lamps[lamp], lamp, response};
    const TangentMap map(view, raster(2));
    const Rect own = grown(raster(0));
    const auto samples = [&](int px) { return px * wanted.samples_per_pixel / wanted.pixels_per_sample; };
    light::Layer layer = blank(thing.distance_m, {samples(own.x - rendered.x), samples(own.y - rendered.y),
                                                  samples(own.width), samples(own.height)});
    std::vector<const Item*> drawn;
    drawn.reserve(items.size());
    for (const Item& item : items) drawn.push_back(&item);
    TextureCache textures;
    for (const Item& item : items) textures.prepare(item, lamp, lit.lamp, response, thing.seen);
    paint_items(layer, map, drawn, lit, false, textures);
    layer.where = on_sensor(layer.where, map);
    light::Radiance radiance{wanted.samples_per_pixel, wanted.pixels_per_sample, pixels, rendered, {}, {},
                             std::array<double, 3>{}};
    radiance.layers.push_back(std::move(layer));
    radiance.infrared_share = light::infrared_share(lit.lamp.irradiance, response);
    return radiance;
}

bool goes_upright(const World& world, const Moving& thing) {
    const Vec3 v = thing.part && world.conveyor ? belt_velocity_m_s(*world.conveyor)
                                                : world.items[thing.item].velocity_m_s;
    return std::abs(v.y) > std::abs(v.x);
}

}  // namespace scenes
