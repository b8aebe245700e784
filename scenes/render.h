#pragma once

#include <span>

#include "scenes/prints.h"
#include "scenes/raster.h"
#include "scenes/world.h"

namespace scenes {

/// Light of one lamp: what the renderer needs to know of it.
struct Lit {
    const light::Lamp& lamp;
    std::size_t index;
    const light::Response& response;
};

/// Draws items at one distance, in their order, onto a layer that covers all of them.
/// `closed` layers hide everything behind them already.
void paint_items(light::Layer&, const TangentMap&, std::span<const Item* const>, const Lit&, bool closed,
                 const Prints&);

/// Moves a layer from the raster's corner to that of sensor pixel (0, 0), where the lens counts from.
void place_on_sensor(light::Layer&, const TangentMap&);

}  // namespace scenes
