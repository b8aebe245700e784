#pragma once

#include "scenes/raster/texture_cache.h"
#include "scenes/seen.h"

namespace support {

/// `scenes::render_still` with textures of its own.
[[nodiscard]] inline scenes::light::Radiance render_still(const scenes::World& world,
                                                          const scenes::light::View& view,
                                                          const scenes::light::Response& response,
                                                          std::size_t lamp, const scenes::Raster& raster,
                                                          scenes::Time time = {}) {
    scenes::TextureCache textures;
    textures.prepare(world, response, time);
    return scenes::render_still(world, scenes::still_scene(world, view), view, response, lamp, raster,
                                textures);
}

}  // namespace support
