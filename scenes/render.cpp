#include "scenes/render.h"

#include <algorithm>
#include <cmath>

#include "scenes/light/materials.h"
#include "scenes/rectangles.h"

namespace scenes {
namespace {

using light::Layer;
using light::Radiance;
using light::Rect;

/// Distances that differ by less share a layer: no lens tells their blur apart.
constexpr double kSameDistance = 0.002;

bool same_distance(double a_m, double b_m) {
    return a_m == b_m || std::abs(a_m - b_m) <= kSameDistance * std::min(a_m, b_m);
}

std::array<float, 3> light_of(const light::Spectrum& radiance, const light::Response& response) {
    const auto signal = light::signal(radiance, response);
    return {static_cast<float>(signal[0]), static_cast<float>(signal[1]), static_cast<float>(signal[2])};
}

Palette palette_of(const Item& item, const Lit& lit) {
    if (item.emission)
        return {item.lamp == lit.index ? light_of(*item.emission, lit.response) : std::array<float, 3>{}};
    Palette palette;
    for (const light::Spectrum& reflectance : item.materials)
        palette.push_back(light_of(light::radiance(reflectance, lit.lamp.irradiance), lit.response));
    return palette;
}

Layer closed_layer(double distance_m, Rect where, std::array<float, 3> light) {
    Layer layer{distance_m, where, {}, {}};
    for (std::size_t c = 0; c < 3; ++c)
        layer.signal[c] = light::Image<float>(where.width, where.height, light[c]);
    return layer;
}

bool hides_all(const Layer& layer, const TangentMap& map) {
    if (layer.where != map.samples()) return false;
    return std::all_of(layer.coverage.samples.begin(), layer.coverage.samples.end(),
                       [](float c) { return c >= 1; });
}

std::vector<const Item*> far_to_near(const World& world) {
    std::vector<const Item*> items;
    for (const Item& item : world.items)
        if (!moves(item)) items.push_back(&item);
    std::stable_sort(items.begin(), items.end(), [](const Item* a, const Item* b) {
        return a->pose.position_m.z > b->pose.position_m.z;
    });
    return items;
}

/// Draws a group of items into the radiance: onto the last layer if that is as far away, else onto a new one.
void add_group(Radiance& radiance, const TangentMap& map, std::span<const Item* const> group, const Lit& lit,
               const Prints& prints) {
    const double distance_m = group.front()->pose.position_m.z;
    Layer& behind = radiance.layers.back();
    if (behind.coverage.samples.empty() && same_distance(behind.distance_m, distance_m)) {
        paint_items(behind, map, group, lit, true, prints);
        return;
    }
    Rect where;
    for (const Item* item : group) where = around(where, bounds(map, *item, plane_at(item->pose)));
    if (where.empty()) return;
    Layer layer = blank(distance_m, where);
    paint_items(layer, map, group, lit, false, prints);
    if (hides_all(layer, map)) {
        layer.coverage = {};
        radiance.layers.clear();
    }
    radiance.layers.push_back(std::move(layer));
}

}  // namespace

void paint_items(Layer& layer, const TangentMap& map, std::span<const Item* const> items, const Lit& lit,
                 bool closed, const Prints& prints) {
    for (const Item* item : items) {
        const Plane plane = plane_at(item->pose);
        const bool open = !closed && item->parent.empty();
        if (std::holds_alternative<targets::Picture>(item->target))
            paint(layer, map, *item, plane, prints.of(*item, lit.index), open);
        else
            paint(layer, map, *item, plane, palette_of(*item, lit), open);
    }
}

void place_on_sensor(Layer& layer, const TangentMap& map) {
    layer.where.x += map.pixels().x * map.samples_per_pixel();
    layer.where.y += map.pixels().y * map.samples_per_pixel();
}

Radiance render_still(const World& world, const light::View& view, const light::Response& response,
                      std::size_t lamp, const Raster& raster, const Prints& prints) {
    const Lit lit{world.lamps[lamp], lamp, response};
    const TangentMap map(view, raster);
    Radiance radiance{
        raster.samples_per_pixel, raster.pixels_per_sample, raster.pixels, grown(raster), {}, {}, {}};
    radiance.infrared_share = light::infrared_share(lit.lamp.irradiance, response);
    const auto wall = light_of(light::radiance(world.background.reflectance, lit.lamp.irradiance), response);
    radiance.layers.push_back(closed_layer(world.background.distance_m, map.samples(), wall));

    const std::vector<const Item*> items = far_to_near(world);
    for (std::size_t first = 0; first < items.size();) {
        std::size_t end = first + 1;
        while (end < items.size() &&
               same_distance(items[first]->pose.position_m.z, items[end]->pose.position_m.z))
            ++end;
        add_group(radiance, map, std::span(items).subspan(first, end - first), lit, prints);
        first = end;
    }
    for (Layer& layer : radiance.layers) place_on_sensor(layer, map);
    return radiance;
}

Radiance render_still(const World& world, const light::View& view, const light::Response& response,
                      std::size_t lamp, const Raster& raster, Time time) {
    Prints prints;
    prints.prepare(world, response, time);
    return render_still(world, view, response, lamp, raster, prints);
}

std::uint64_t still_version(const World& world, Time time) {
    std::uint64_t version = 0;
    for (const Item& item : world.items)
        if (const auto* picture = std::get_if<targets::Picture>(&item.target); picture && !moves(item))
            version = version * 1000003 + picture->frame_at(time);
    return version;
}

}  // namespace scenes
