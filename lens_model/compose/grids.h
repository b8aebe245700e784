#pragma once

#include <algorithm>

#include "scenes/light/image.h"

namespace lens_model {

/// A rectangle on one of the grids below. None converts into another by accident; all are plain rectangles
/// where the size of their squares does not matter.
template <class Grid>
struct RectOn : scenes::light::Rect {
    RectOn() = default;
    RectOn(int x, int y, int width, int height) : Rect{x, y, width, height} {}
    explicit RectOn(const Rect& rect) : Rect(rect) {}
};

/// Samples of the raster, as `scenes::light::Radiance` numbers them.
using RasterSamples = RectOn<struct RasterGrid>;
/// Samples of one layer: one of them is `Sampling::coarsening` of the raster's, along each axis.
using LayerSamples = RectOn<struct LayerGrid>;
/// What a blur is wanted of: pixels of the sensor, or samples of the raster.
using Units = RectOn<struct UnitGrid>;
/// What a blur makes: a cell is `Blurred::pitch` units, along each axis.
using Cells = RectOn<struct CellGrid>;

/// What two rectangles of one grid share; empty if that is nothing.
template <class Rectangle>
[[nodiscard]] Rectangle overlap(const Rectangle& a, const Rectangle& b) {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.width, b.x + b.width) - x, std::min(a.y + a.height, b.y + b.height) - y};
}

}  // namespace lens_model
