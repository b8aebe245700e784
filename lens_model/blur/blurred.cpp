#include "lens_model/blur/blurred.h"

#include <algorithm>

namespace lens_model {

using scenes::light::Image;
using scenes::light::Rect;

Cells cells_for(const Units& part, int pitch) {
    if (pitch == 1) return Cells(part);
    // A unit lies between the centres of two cells.
    const int x = floor_divide(part.x, pitch) - 1, y = floor_divide(part.y, pitch) - 1;
    return {x, y, floor_divide(part.x + part.width - 1, pitch) + 2 - x,
            floor_divide(part.y + part.height - 1, pitch) + 2 - y};
}

Units touched(const Units& part, const LayerSampler& source, const Cells& reach, int pitch) {
    const Rect &where = source.layer->where, &all = source.rendered;
    const int rim = pitch > 1 ? pitch : 0;  // units there lie between two cells
    int x0 = part.x, x1 = part.x + part.width, y0 = part.y, y1 = part.y + part.height;
    if (where.x > all.x) x0 = std::max(x0, reach.x * pitch - rim);
    if (where.y > all.y) y0 = std::max(y0, reach.y * pitch - rim);
    if (where.x + where.width < all.x + all.width) x1 = std::min(x1, (reach.x + reach.width) * pitch + rim);
    if (where.y + where.height < all.y + all.height)
        y1 = std::min(y1, (reach.y + reach.height) * pitch + rim);
    return {x0, y0, std::max(0, x1 - x0), std::max(0, y1 - y0)};
}

Between between_cells(int unit, int pitch, int first_cell) {
    const int doubled = 2 * unit + 1 - pitch;  // from the centre of cell 0, in half units
    const int cell = floor_divide(doubled, 2 * pitch);
    const int past = doubled - 2 * pitch * cell;
    return {cell - first_cell, static_cast<float>(past) / static_cast<float>(2 * pitch)};
}

const TileKernels& kernels(scenes::light::Isa isa) { return GIGEMU_KERNEL(isa, kernels)(); }

Blurred blurred(const BlurJob& job, Quality quality) {
    const auto& widest = kernels(scenes::light::best_isa());
    return quality == Quality::full ? blur_by_tiles(widest, job) : blur_by_gaussians(widest, job);
}

}  // namespace lens_model
