#include "scenes/motion/moving.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "scenes/geometry/outline.h"
#include "scenes/geometry/rectangles.h"
#include "scenes/light/random.h"
#include "scenes/motion/sight.h"
#include "scenes/raster/render.h"
#include "scenes/raster/texture_cache.h"

namespace scenes {
namespace {

using light::Rect;

/// Of a way that is seen from a camera on its way.
constexpr double kCameraPieces = 4, kApproachPieces = 60;
/// Of the logarithm: things that come closer are drawn anew at each step.
constexpr double kDistanceStep = 0.02;
/// Beyond all pixels.
constexpr double kFar_px = 1e5;
/// A sprite of more pixels is drawn for its exposure alone, as much of it as is shown; one in tiles may be
/// larger.
constexpr double kFrame_px = static_cast<double>(light::kSensor.width) * light::kSensor.height;
constexpr double kSpriteMost_px = 8 * kFrame_px, kTiledMost_px = 64 * kFrame_px;
/// Distortion bends a piece of the way of what glides by no more, in the corner of the frame.
constexpr double kBend_px = 0.25, kPieceMost_px = 1024;

/// Of what reaches from in front of the lens to behind it, all.
Box box_at(const light::View& view, const Pose& pose, double width_m, double height_m) {
    const Plane plane = plane_at(pose);
    std::vector<Point> pixels;
    const auto outline = outline_of(view, plane, width_m, height_m);
    for (const Point uv : outline)
        if (const auto pixel = pixel_of(view, camera_from_plane(plane, uv))) pixels.push_back(*pixel);
    if (!pixels.empty() && pixels.size() < outline.size()) return {-kFar_px, -kFar_px, kFar_px, kFar_px};
    return box_of(pixels);
}

Box hull(const Box& a, const Box& b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
            std::max(a.bottom, b.bottom)};
}

bool in_frame(const light::View& view, const Box& box, double reach) {
    return box.right > -reach && box.left < view.width_px + reach && box.bottom > -reach &&
           box.top < view.height_px + reach;
}

/// Its pixels and two around it.
Rect pixels_of(const Box& box) {
    const int left = static_cast<int>(std::floor(box.left)), top = static_cast<int>(std::floor(box.top));
    return {left - 2, top - 2, static_cast<int>(std::ceil(box.right)) - left + 4,
            static_cast<int>(std::ceil(box.bottom)) - top + 4};
}

Rect with_margin(Rect r, int margin) {
    return {r.x - margin, r.y - margin, r.width + 2 * margin, r.height + 2 * margin};
}

double area_px(const Box& box) { return (box.right - box.left) * (box.bottom - box.top); }

Pose world_pose(const World& world, const Moving& thing, Time time) {
    if (!thing.part || !world.conveyor) return pose_at(world.items[thing.item], time);
    return part_pose(*world.conveyor, world.seed, *thing.part, time);
}

Vec3 world_velocity(const World& world, const Moving& thing, Time time) {
    if (!thing.part || !world.conveyor) return rates_at(world.items[thing.item], time).velocity_m_s;
    return belt_velocity_m_s(*world.conveyor);
}

Facet facet_of(const World& world, const Moving& thing, const Pose& seen) {
    if (!thing.part || !world.conveyor)
        return {seen, world.items[thing.item].width_m, world.items[thing.item].height_m};
    return {seen, world.conveyor->part_width_m, world.conveyor->part_height_m};
}

/// Second derivative of the distorted radius, in the corner: 6 distortion / corner.
double piece_px(const light::View& view) {
    const double bend = 6 * std::abs(view.distortion + view.distortion_r4) / view.corner_px;
    return std::min(kPieceMost_px, std::sqrt(8 * kBend_px / bend));
}

bool turns(const World& world, const Moving& thing, Time time) {
    return !thing.part && rates_at(world.items[thing.item], time).spin_deg_s != Vec3{};
}

/// How a thing that is at rest looks: an item at time 0, and what turns out of the plane at its widest.
Vec3 drawn_rotation(const World& world, const Moving& thing, const Pose& camera, const Pose& at) {
    if (thing.part) return at.rotation_deg;
    const Item& item = world.items[thing.item];
    if (item.spin_deg_s.x != 0 || item.spin_deg_s.y != 0) return {};
    return seen_from(camera, item.pose).rotation_deg;
}

/// The place on its way that is closest to the optical axis, for what stays at its distance.
Vec3 reference_of(Vec3 p, Vec3 v) {
    if (v.z != 0)
        return {0, 0, std::exp(kDistanceStep * std::round(std::log(std::max(p.z, 1e-3)) / kDistanceStep))};
    const double square = v.x * v.x + v.y * v.y;
    const double back_s = square > 0 ? (p.x * v.x + p.y * v.y) / square : 0;
    return p - back_s * v;
}

std::uint64_t key_of(const World& world, const Moving& thing, std::uint64_t look) {
    if (thing.part)
        return light::hash(world.seed, static_cast<std::uint64_t>(*thing.part), look == 0 ? ~0ULL : look);
    if (const auto* picture = std::get_if<targets::Picture>(&world.items[thing.item].target))
        look = light::hash(look, picture->frame_at(thing.seen), 0);
    return light::hash(world.seed, thing.item, look);
}

/// A sprite for all exposures; false if there is none.
bool drawn_for_all(Moving& thing, const World& world, const light::View& view, Span during) {
    if (camera_moves(world, during) || (!thing.part && !world.items[thing.item].path.empty())) return false;
    const Pose camera = camera_at(world, during.from), at = world_pose(world, thing, during.from);
    const Pose seen = seen_from(camera, at);
    const Vec3 v = direction_seen_from(camera, world_velocity(world, thing, during.from));
    thing.reference = {reference_of(seen.position_m, v), drawn_rotation(world, thing, camera, seen)};
    thing.distance_m = seen.position_m.z;
    thing.glides = v.z == 0 && !turns(world, thing, during.from);
    const Facet facet = facet_of(world, thing, thing.reference);
    const double most_px = thing.glides ? kTiledMost_px : kSpriteMost_px;
    if (area_px(box_at(view, facet.pose, facet.width_m, facet.height_m)) > most_px) return false;
    thing.upright = std::abs(v.y) > std::abs(v.x);
    thing.key =
        key_of(world, thing,
               v.z == 0 ? 0 : static_cast<std::uint64_t>(std::llround(1e6 * thing.reference.position_m.z)));
    return thing.distance_m > 0;
}

/// The part of its sprite that the frame shows from a pose.
Box shown_from(const light::View& view, const Pose& reference, const Pose& pose) {
    constexpr Box kAll{-kFar_px, -kFar_px, kFar_px, kFar_px};
    const auto homography = plane_from_tangent(view, plane_at(pose));
    if (!homography) return {};
    const Plane plane = plane_at(reference);
    std::vector<Point> pixels;
    const Point corner{static_cast<double>(view.width_px), static_cast<double>(view.height_px)};
    for (const Point pixel : rectangle_outline({0, 0}, corner, 8)) {
        const Mapped uv = map(*homography, light::tangent_from_pixel(view, pixel));
        if (!homography->in_front(uv.w)) return kAll;
        const auto at = pixel_of(view, camera_from_plane(plane, uv.at));
        if (!at) return kAll;
        pixels.push_back(*at);
    }
    return box_of(pixels);
}

/// No more than four frames to each side of the frame.
light::Rect limited(const light::View& view, const Box& box) {
    constexpr double kSpare_px = 4;
    const auto cut = [](double at, int size) { return std::clamp(at, -4.0 * size, 5.0 * size); };
    const int left = static_cast<int>(std::floor(cut(box.left - kSpare_px, view.width_px)));
    const int top = static_cast<int>(std::floor(cut(box.top - kSpare_px, view.height_px)));
    return {left, top, static_cast<int>(std::ceil(cut(box.right + kSpare_px, view.width_px))) - left,
            static_cast<int>(std::ceil(cut(box.bottom + kSpare_px, view.height_px))) - top};
}

/// Pieces of a way that leads nearer or away.
int approach_pieces(const World& world, const Moving& thing, Span span) {
    const auto depth = [&](Time time) {
        return std::log(
            std::max(seen_from(camera_at(world, time), world_pose(world, thing, time)).position_m.z, 1e-3));
    };
    const double steps = std::abs(depth(span.to) - depth(span.from)) / kDistanceStep;
    return static_cast<int>(std::clamp(std::ceil(steps), kCameraPieces, kApproachPieces));
}

std::vector<Pose> poses_seen(const World& world, const Moving& thing, Span span) {
    const bool is_part = thing.part && world.conveyor;
    int pieces = is_part ? 1 : pieces_of(world.items[thing.item], span);
    if (camera_moves(world, span))
        pieces = std::max({pieces, pieces_of(world.camera_pose, span), approach_pieces(world, thing, span)});
    auto way =
        is_part ? straight_way(world_pose(world, thing, span.from), world_pose(world, thing, span.to), pieces)
                : way_of(world.items[thing.item], span, pieces);
    const auto cameras = way_of(world.camera_pose, span, pieces);
    for (std::size_t i = 0; i < way.size(); ++i) way[i] = seen_from(cameras[i], way[i]);
    return way;
}

/// A sprite for this exposure, drawn as the thing is in its middle; false if that is nowhere in front.
bool drawn_for_one(Moving& thing, const World& world, const light::View& view, Span during) {
    thing.glides = false;
    const auto way = poses_seen(world, thing, during);
    std::optional<double> distance_m;
    for (const std::size_t at : {way.size() / 2, std::size_t{0}, way.size() - 1}) {
        if (distance_m) break;
        thing.reference = way[at];
        distance_m = distance_of(facet_of(world, thing, thing.reference));
    }
    if (!distance_m) return false;
    thing.distance_m = *distance_m;
    Box shown;
    for (const Pose& pose : way) shown = hull(shown, shown_from(view, thing.reference, pose));
    thing.shown = limited(view, shown);
    const auto from = pixel_of(view, way.front().position_m), to = pixel_of(view, way.back().position_m);
    thing.upright = from && to && std::abs(to->y - from->y) > std::abs(to->x - from->x);
    thing.key = key_of(world, thing,
                       light::hash(static_cast<std::uint64_t>(during.from.count()),
                                   static_cast<std::uint64_t>(during.to.count()), 1));
    return !thing.shown->empty();
}

bool comes_into_view(const World& world, const light::View& view, const Moving& thing, Span during,
                     double reach) {
    const auto box = [&](const Pose& pose) {
        const Facet facet = facet_of(world, thing, pose);
        return box_at(view, pose, facet.width_m, facet.height_m);
    };
    if (thing.shown) {
        const auto margin = static_cast<int>(std::ceil(reach));
        return !overlap(with_margin(pixels_of(box(thing.reference)), margin), *thing.shown).empty();
    }
    const Pose camera = camera_at(world, during.from);
    const Box all = hull(box(seen_from(camera, world_pose(world, thing, during.from))),
                         box(seen_from(camera, world_pose(world, thing, during.to))));
    return !all.empty() && in_frame(view, all, reach);
}

std::vector<Item> items_of(const World& world, const Moving& thing) {
    if (!thing.part || !world.conveyor) {
        std::vector<Item> items{world.items[thing.item]};
        items[0].pose = thing.reference;
        return items;
    }
    return part_items(*world.conveyor, world.seed, *thing.part, thing.reference);
}

/// By where they are in the middle of the span, or where they stay for all exposures at its begin.
std::vector<Moving> drawing_order(const World& world, const light::View& view, Span during,
                                  std::span<const Moving> things) {
    std::vector<Facet> facets;
    facets.reserve(things.size());
    for (const Moving& thing : things) {
        const Time time = camera_moves(world, during) ? during.middle() : during.from;
        facets.push_back(
            facet_of(world, thing, seen_from(camera_at(world, time), world_pose(world, thing, time))));
    }
    std::vector<Moving> ordered;
    ordered.reserve(things.size());
    for (const int i : far_to_near(view, facets)) ordered.push_back(things[static_cast<std::size_t>(i)]);
    return ordered;
}

/// A length and a breadth: along the way, and across it.
struct TileSize {
    int along = 0, across = 0;
};

/// Tiles hold whole blocks of samples (`grown`), which are larger where blur is wide.
TileSize tile_size(double smear_px, double reach_px) {
    constexpr double kLargerBlocks_px = 48;
    const auto power = [](double size) { return std::bit_ceil(static_cast<unsigned>(std::ceil(size))); };
    const int unit =
        reach_px > kLargerBlocks_px ? static_cast<int>(power(std::max(256.0, reach_px))) : kTile_px;
    return {unit * static_cast<int>(power(std::max(1.0, smear_px / unit))), 2 * unit};
}

/// Adds the tiles of what blur spreads a thing into that the frame shows.
void add_tiles(std::vector<Moving>& tiles, const World& world, const light::View& view, const Moving& thing,
               Span during, double reach_px) {
    const Facet facet = facet_of(world, thing, thing.reference);
    const Rect sprite = with_margin(pixels_of(box_at(view, facet.pose, facet.width_m, facet.height_m)),
                                    static_cast<int>(std::ceil(reach_px)));
    if (std::max(sprite.width, sprite.height) <= kWhole_px) return tiles.push_back(thing);
    const auto way = poses_seen(world, thing, during);
    const Sight sight(view, thing.reference, way.front(), way.back());
    const double longest_px = thing.upright ? sprite.height : sprite.width;
    const TileSize size = tile_size(std::min(sight.length_px(), longest_px), reach_px);
    const int width = thing.upright ? size.across : size.along;
    const int height = thing.upright ? size.along : size.across;
    for (int y = floored(sprite.y, height); y < sprite.y + sprite.height; y += height)
        for (int x = floored(sprite.x, width); x < sprite.x + sprite.width; x += width) {
            Moving tile = thing;
            tile.shown = overlap({x, y, width, height}, sprite);
            if (!sight.of(*tile.shown)) continue;
            const auto place =
                light::hash(thing.key, static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(y));
            tile.key = light::hash(place, static_cast<std::uint64_t>(size.along), 0);
            tiles.push_back(tile);
        }
}

}  // namespace

Way seen_way(const World& world, const light::View& view, const Moving& thing, const Rect& sprite,
             Span span) {
    auto poses = poses_seen(world, thing, span);
    if (!thing.glides) return {std::move(poses)};
    const Pose &begin = poses.front(), &end = poses.back();
    const Sight sight(view, thing.reference, begin, end);
    const int pieces =
        static_cast<int>(std::ceil(std::min(sight.length_px(), kFar_px * kFar_px) / piece_px(view)));
    if (pieces <= 1) return {std::move(poses)};
    const auto seen = sight.of(sprite);
    if (!seen) return {{}, 0};
    const int first = std::min(static_cast<int>(seen->from * pieces), pieces - 1);
    const int last = std::clamp(static_cast<int>(std::ceil(seen->to * pieces)), first + 1, pieces);
    return {straight_way(begin, end, pieces, first, last), static_cast<double>(last - first) / pieces};
}

std::vector<Moving> moving_wholes(const World& world, const light::View& view, Time from, Time to,
                                  const BlurReach& blur_reach) {
    const Span during{from, to};
    std::vector<Moving> things;
    const auto add = [&](Moving thing) {
        thing.seen = from;
        if (!drawn_for_all(thing, world, view, during) && !drawn_for_one(thing, world, view, during)) return;
        if (comes_into_view(world, view, thing, during, blur_reach(thing.distance_m)))
            things.push_back(thing);
    };
    for (std::size_t i = 0; i < world.items.size(); ++i)
        if (moves(world.items[i]) || camera_moves(world, during))
            add({.part = {}, .item = i, .reference = {}});
    if (world.conveyor) {
        const PartRange first = parts_on(*world.conveyor, from), last = parts_on(*world.conveyor, to);
        for (std::int64_t part = first.first; part <= last.last; ++part) add({.part = part, .reference = {}});
    }
    return drawing_order(world, view, during, things);
}

std::vector<Moving> moving(const World& world, const light::View& view, Time from, Time to,
                           const BlurReach& blur_reach) {
    std::vector<Moving> tiles;
    for (const Moving& thing : moving_wholes(world, view, from, to, blur_reach))
        if (thing.glides)
            add_tiles(tiles, world, view, thing, {from, to}, blur_reach(thing.distance_m));
        else
            tiles.push_back(thing);
    return tiles;
}

namespace {

/// What a sprite takes of the sensor: the thing itself, what blur spreads it into, and what blur takes from.
struct SpriteRasters {
    Raster own, spread, rendered;
};

SpriteRasters sprite_rasters(const Item& item, const Moving& thing, const light::View& view,
                             const Raster& wanted) {
    const Rect own = pixels_of(box_at(view, thing.reference, item.width_m, item.height_m));
    const int margin = wanted.margin_px;
    const Rect reach = with_margin(own, margin);
    Rect spread = thing.shown ? overlap(reach, *thing.shown) : reach;
    if (spread.empty()) spread = {thing.shown->x, thing.shown->y, 1, 1};
    const auto raster = [&](Rect pixels, int margin_px) {
        Raster one = wanted;
        one.pixels = pixels, one.margin_px = margin_px;
        return one;
    };
    return {raster(own, 0), raster(spread, 0), raster(spread, margin)};
}

}  // namespace

light::Rect sprite_pixels(const World& world, const Moving& thing, const light::View& view,
                          const Raster& wanted) {
    return grown(sprite_rasters(items_of(world, thing)[0], thing, view, wanted).spread);
}

light::Radiance render_sprite(const World& world, const Moving& thing, const light::View& view,
                              const light::Response& response, std::size_t lamp, const Raster& wanted) {
    const std::vector<Item> items = items_of(world, thing);
    const SpriteRasters rasters = sprite_rasters(items[0], thing, view, wanted);
    const Rect pixels = grown(rasters.spread), rendered = grown(rasters.rendered);

    const Lit lit{world.lamps[lamp], lamp, response};
    const TangentMap map(view, rasters.rendered);
    Rect own = overlap(grown(rasters.own), rendered);
    if (own.empty()) own = {rendered.x, rendered.y, 0, 0};
    const auto samples = [&](int px) { return px * wanted.samples_per_pixel / wanted.pixels_per_sample; };
    light::Layer layer = blank(thing.distance_m, {samples(own.x - rendered.x), samples(own.y - rendered.y),
                                                  samples(own.width), samples(own.height)});
    std::vector<SeenItem> drawn;
    drawn.reserve(items.size());
    for (const Item& item : items)
        drawn.push_back({&item, item.pose, thing.distance_m, box_seen(view, item, item.pose)});
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

}  // namespace scenes
