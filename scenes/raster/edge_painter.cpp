#include "scenes/raster/edge_painter.h"

#include <algorithm>
#include <cmath>

#include "scenes/kernels/edge_areas.h"

namespace scenes {
namespace {

using light::Point;
using targets::Edge;
using targets::kNothing;

double product(Point a, Point b) { return a.x * b.x + a.y * b.y; }

/// On the side of the place that the edge was told for.
void areas_of(const Edge& edge, const Footprint& f, const Run& run, Point at, float* areas) {
    static const EdgeKernels& kernels = GIGEMU_KERNEL(light::best_isa(), edge_kernels)();
    const Point first{run.from.x - at.x, run.from.y - at.y};
    if (edge.radius_m == targets::kFar)
        return kernels.beside_line(
            {edge.from(first), -product(run.step, edge.towards), product(f.across, edge.towards),
             product(f.down, edge.towards), run.count},
            areas);
    const Point from = edge.from_centre(first);
    kernels.outside_circle({from.x, from.y, run.step.x, run.step.y, f.across.x, f.across.y, f.down.x,
                            f.down.y, std::abs(edge.radius_m), run.count},
                           areas);
    if (edge.radius_m > 0) return;
    for (int i = 0; i < run.count; ++i) areas[i] = 1 - areas[i];
}

}  // namespace

void EdgePainter::paint(const PlaneBlock& block, const Footprint& f, const light::Rect& part,
                        const BesideEdge& place) {
    if (place.material == kNothing && place.edge.beyond == kNothing) return;
    const int half = block.samples().width / 2;  // so far the perspective is straight, to 0.001 px
    for (int y = part.y; y < part.y + part.height; ++y)
        for (int x = part.x; x < part.x + part.width; x += half)
            paint_row(block, f, {x, y, std::min(half, part.x + part.width - x), 1}, place);
}

/// Each colour sees the edge at its own place, but an open layer has the outline of green.
void EdgePainter::paint_row(const PlaneBlock& block, const Footprint& f, const light::Rect& row,
                            const BesideEdge& place) {
    const int here = place.material, beyond = place.edge.beyond;
    const bool outline = here == kNothing || beyond == kNothing,
               one_for_all = colours_meet_ || (outline && open_);
    const std::ptrdiff_t at =
        static_cast<std::ptrdiff_t>(row.y - layer_.where.y) * layer_.where.width + (row.x - layer_.where.x);
    const auto areas_for = [&](std::size_t colour, float* areas) {
        areas_of(place.edge, f, block.run(colour, row.x, row.y, row.width), place.at, areas);
    };
    float areas[kEdgeRunMax];
    if (one_for_all) areas_for(PlaneBlock::kGreen, areas);
    const auto painted_share = [&](int i) { return here == kNothing ? 1 - areas[i] : areas[i]; };
    for (std::size_t c = 0; c < 3; ++c) {
        if (!one_for_all) areas_for(c, areas);
        float* const light = layer_.signal[c].samples.data() + at;
        const auto light_of = [&](int material) { return palette_[static_cast<std::size_t>(material)][c]; };
        if (outline) {
            const float painted = light_of(here == kNothing ? beyond : here);
            for (int i = 0; i < row.width; ++i)
                light[i] = painted_share(i) * painted + (1 - painted_share(i)) * light[i];
        } else {
            const float on_this_side = light_of(here), on_the_other = light_of(beyond);
            for (int i = 0; i < row.width; ++i)
                light[i] = areas[i] * on_this_side + (1 - areas[i]) * on_the_other;
        }
    }
    if (!open_) return;
    float* const coverage = layer_.coverage.samples.data() + at;
    for (int i = 0; i < row.width; ++i)
        coverage[i] = outline ? painted_share(i) + (1 - painted_share(i)) * coverage[i] : 1;
}

}  // namespace scenes
