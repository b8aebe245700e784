#pragma once

#include "lens_model/compose/grids.h"
#include "lens_model/lens.h"

namespace lens_model {

/// The samples of a layer, defined everywhere: zero beside the layer, and what stands at the edge of the
/// rendered part goes on beyond it. Channel 3 is coverage. Refers to the layer.
struct LayerSampler {
    const scenes::light::Layer* layer = nullptr;
    LayerSamples rendered;

    [[nodiscard]] bool opaque() const;  // covers everything everywhere
    /// Whether anything but emptiness can be met in a rectangle of samples.
    [[nodiscard]] bool meets(const LayerSamples&) const;
};

[[nodiscard]] LayerSampler source_of(const scenes::light::Radiance&, const scenes::light::Layer&);

/// The samples that hold a rectangle of pixels.
[[nodiscard]] RasterSamples in_samples(const scenes::light::Radiance&, scenes::light::Rect pixels);

/// The samples of the layer that hold a rectangle of the raster's.
[[nodiscard]] LayerSamples in_samples(const LayerSampler&, const RasterSamples&);

/// Copies the samples of one channel in a rectangle to `out`, row by row. True if all of them are the same.
bool gather(const LayerSampler&, int channel, const LayerSamples&, float* out);
/// The same for a row of the raster's samples.
void gather_row(const LayerSampler&, int channel, const RasterSamples& row, float* out);

/// A layer of samples that are `factor` times as large, each the mean of those it replaces, and what was
/// rendered in such samples. Large ones begin at multiples of their size.
struct CoarseLayer {
    scenes::light::Layer layer;
    LayerSamples rendered;  // large ones
};
[[nodiscard]] CoarseLayer coarsened(const LayerSampler&, int factor);

/// Division that rounds to minus infinity, and to plus infinity.
[[nodiscard]] constexpr int floor_divide(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }
[[nodiscard]] constexpr int ceil_divide(int a, int b) { return -floor_divide(-a, b); }

}  // namespace lens_model
