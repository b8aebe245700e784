#include "scenes/raster/texture_cache.h"

#include "scenes/light/materials.h"

namespace scenes {

void TextureCache::prepare(const World& world, const light::Response& response, Time time) {
    for (const Item& item : world.items) {
        if (moves(item)) continue;
        for (std::size_t lamp = 0; lamp < world.lamps.size(); ++lamp)
            prepare(item, lamp, world.lamps[lamp], response, time);
    }
}

void TextureCache::prepare(const Item& item, std::size_t lamp_index, const light::Lamp& lamp,
                           const light::Response& response, Time time) {
    const auto* picture = std::get_if<targets::Picture>(&item.target);
    if (!picture) return;
    Weights weights{};
    for (std::size_t primary = 0; primary < 3; ++primary) {
        const auto signal =
            light::signal(light::radiance(item.materials[primary], lamp.irradiance), response);
        for (std::size_t channel = 0; channel < 3; ++channel) weights[channel][primary] = signal[channel];
    }
    const auto& frame = (*picture->frames)[picture->frame_at(time)];
    auto& kept = kept_[{&item, lamp_index}];
    if (kept.frame != &frame || kept.weights != weights)
        kept = {&frame, weights, targets::pyramid_of(frame, weights)};
}

}  // namespace scenes
