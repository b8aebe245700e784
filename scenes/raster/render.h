#pragma once

#include <span>
#include <vector>

#include "scenes/raster/raster.h"
#include "scenes/raster/texture_cache.h"
#include "scenes/seen.h"

namespace scenes {

/// Light of one lamp for the renderer.
struct Lit {
    const light::Lamp& lamp;
    std::size_t index;
    const light::Response& response;
};

/// Draws items at one distance, in their order, onto a layer that covers all of them.
/// `closed` layers hide everything behind them already.
void paint_items(light::Layer&, const TangentMap&, std::span<const SeenItem>, const Lit&, bool closed,
                 const TextureCache&);

/// Samples counted from the raster's corner, counted from that of sensor pixel (0, 0) as the lens does.
[[nodiscard]] light::Rect on_sensor(light::Rect samples, const TangentMap&);

}  // namespace scenes
