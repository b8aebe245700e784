#include "scenes/raster/render.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <list>

#include "scenes/geometry/rectangles.h"
#include "scenes/light/materials.h"
#include "scenes/light/random.h"
#include "scenes/raster/horizon.h"

namespace scenes {
namespace {

using light::Layer;
using light::Radiance;
using light::Rect;

/// Distances that differ by less share a layer: their blur is equal.
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

std::uint64_t version_of(const Pose& pose) {
    const Vec3 &p = pose.position_m, &r = pose.rotation_deg;
    std::uint64_t version = 0;
    for (const double number : {p.x, p.y, p.z, r.x, r.y, r.z})
        version = light::hash(version, std::bit_cast<std::uint64_t>(number), 0);
    return version;
}

bool hides_all(const Layer& layer, const TangentMap& map) {
    if (layer.where != map.samples()) return false;
    return std::all_of(layer.coverage.samples.begin(), layer.coverage.samples.end(),
                       [](float c) { return c >= 1; });
}

/// The whole of a raster as a layer asks for it.
Raster raster_for(const Raster& raster, const light::Sampling& sampling) {
    const int fine = raster.samples_per_pixel, larger = sampling.coarsening;
    const int per_px = std::max(1, fine / larger), px = std::max(1, larger / fine) * raster.pixels_per_sample;
    const Rect& k = sampling.known;
    return {.pixels = {k.x * px / per_px, k.y * px / per_px, k.width * px / per_px, k.height * px / per_px},
            .margin_px = 0,
            .samples_per_pixel = per_px,
            .pixels_per_sample = px,
            .draft = raster.draft};
}

/// Draws layer upon layer, each as its distance wants it.
class Layers {
  public:
    Layers(const light::View& view, const Raster& raster, const SamplingOf& sampling_of, const Lit& lit,
           const TextureCache& textures)
        : view_(view), raster_(raster), sampling_of_(sampling_of), lit_(lit), textures_(textures) {}

    void add_ground(const Ground& ground, std::array<float, 3> light) {
        const Drawing& drawing = drawing_at(ground.distance_m);
        Layer layer = closed_layer(ground.distance_m, drawing.map.samples(), light);
        if (ground.horizon) cut_at_horizon(layer, drawing.map, *ground.horizon);
        add(std::move(layer), drawing);
    }

    /// Items of one distance: onto the last layer if that is as far away, else onto a new one.
    void add_group(std::span<const SeenItem> group) {
        const double distance_m = group.front().distance_m;
        Layer& behind = layers_.back();
        if (behind.coverage.samples.empty() && same_distance(behind.distance_m, distance_m)) {
            paint_items(behind, last_->map, group, lit_, true, textures_);
            return;
        }
        const Drawing& drawing = drawing_at(distance_m);
        Rect where;
        for (const SeenItem& seen : group) where = around(where, bounds(drawing.map, seen.box_px));
        if (where.empty()) return;
        Layer layer = blank(distance_m, where);
        paint_items(layer, drawing.map, group, lit_, false, textures_);
        if (hides_all(layer, drawing.map)) {
            layer.coverage = {};
            layers_.clear();
        }
        add(std::move(layer), drawing);
    }

    [[nodiscard]] std::vector<Layer> take() {
        place_last();
        return std::move(layers_);
    }

  private:
    struct Drawing {
        light::Sampling asked;
        TangentMap map;
    };

    const Drawing& drawing_at(double distance_m) {
        const light::Sampling asked = sampling_of_ ? sampling_of_(distance_m) : light::Sampling{};
        for (const Drawing& drawing : drawings_)
            if (drawing.asked == asked) return drawing;
        const Raster raster = asked.known.empty() ? raster_ : raster_for(raster_, asked);
        return drawings_.emplace_back(Drawing{asked, TangentMap(view_, raster)});
    }

    void add(Layer&& layer, const Drawing& drawing) {
        place_last();
        layers_.push_back(std::move(layer));
        last_ = &drawing;
    }

    void place_last() {
        if (layers_.empty()) return;
        Layer& layer = layers_.back();
        layer.where = on_sensor(layer.where, last_->map);
        layer.sampling = last_->asked;
        if (layer.sampling.known.empty()) return;
        layer.sampling.known = on_sensor(last_->map.samples(), last_->map);
    }

    const light::View& view_;
    const Raster& raster_;
    const SamplingOf& sampling_of_;
    const Lit& lit_;
    const TextureCache& textures_;
    std::list<Drawing> drawings_;  // one for each way of sampling
    std::vector<Layer> layers_;
    const Drawing* last_ = nullptr;  // of the last layer, which is not on the sensor yet
};

}  // namespace

void paint_items(Layer& layer, const TangentMap& map, std::span<const SeenItem> items, const Lit& lit,
                 bool closed, const TextureCache& textures) {
    for (const SeenItem& seen : items) {
        const Item& item = *seen.item;
        const bool open = !closed && item.parent.empty();
        if (std::holds_alternative<targets::Picture>(item.target))
            paint(layer, map, seen, textures.of(item, lit.index), open);
        else
            paint(layer, map, seen, palette_of(item, lit), open);
    }
}

Rect on_sensor(Rect samples, const TangentMap& map) {
    samples.x += map.pixels().x * map.samples_per_pixel();
    samples.y += map.pixels().y * map.samples_per_pixel();
    return samples;
}

Radiance render_still(const World& world, const SeenScene& seen, const light::View& view,
                      const light::Response& response, std::size_t lamp, const Raster& raster,
                      const TextureCache& textures, const SamplingOf& sampling_of) {
    const Lit lit{world.lamps[lamp], lamp, response};
    Radiance radiance{
        raster.samples_per_pixel, raster.pixels_per_sample, raster.pixels, grown(raster), {}, {}, {}};
    radiance.infrared_share = light::infrared_share(lit.lamp.irradiance, response);
    Layers layers(view, raster, sampling_of, lit, textures);
    layers.add_ground(seen.ground,
                      light_of(light::radiance(world.background.reflectance, lit.lamp.irradiance), response));

    const auto& items = seen.items;
    for (std::size_t first = 0; first < items.size();) {
        std::size_t end = first + 1;
        while (end < items.size() && same_distance(items[first].distance_m, items[end].distance_m)) ++end;
        layers.add_group(std::span(items).subspan(first, end - first));
        first = end;
    }
    radiance.layers = layers.take();
    return radiance;
}

std::uint64_t still_version(const World& world, Span during) {
    std::uint64_t version = 0;
    if (camera_moves(world, during))
        version = light::hash(static_cast<std::uint64_t>(during.from.count()),
                              static_cast<std::uint64_t>(during.to.count()), 1);
    else if (moves(world.camera_pose))
        version = version_of(camera_at(world, during.from));
    for (const Item& item : world.items)
        if (const auto* picture = std::get_if<targets::Picture>(&item.target); picture && !moves(item))
            version = version * 1000003 + picture->frame_at(during.from);
    return version;
}

}  // namespace scenes
