#pragma once

#include <array>

#include "lens_model/compose/layer_sampler.h"
#include "lens_model/kernels/tiles.h"
#include "lens_model/lens.h"

namespace lens_model {

/// A layer after blur, in cells: a cell is a square of `pitch` units, cell (0, 0) begins at unit (0, 0). A
/// unit is a pixel of the sensor, or where a picture finer than the mosaic is wanted, a sample.
struct Blurred {
    Units part;  // that were wanted and that the layer can reach; may be empty
    int pitch = 1;
    Cells cells;
    std::array<scenes::light::Image<float>, 3> signal;
    /// As each colour sees it, or one for all colours. Empty where the layer covers everything.
    std::array<scenes::light::Image<float>, 3> coverage;
    bool shares_coverage = false;

    [[nodiscard]] bool opaque() const { return coverage[0].samples.empty(); }
};

/// The cells that must be known to tell every unit of `part`.
[[nodiscard]] Cells cells_for(const Units& part, int pitch);

/// The part of `part` that a layer can change, if it reaches the cells of `reach`, or on and on where it goes
/// on.
[[nodiscard]] Units touched(const Units& part, const LayerSampler&, const Cells& reach, int pitch);

/// Where the centre of a unit lies between the centres of cells.
struct Between {
    int below;  // index into the cells
    float share;
};
[[nodiscard]] Between between_cells(int unit, int pitch, int first_cell);

/// Everything that the blur of one layer depends on.
struct BlurJob {
    const Constants& constants;
    const State& state;
    LayerSampler source;
    int samples_per_unit = 1;
    std::array<double, 3> infrared_share{};
    scenes::light::Diffusion diffusion{};
    Units part{};  // that are wanted
    double unit_um = kPixelPitch_um;
    bool mosaic = true;  // only the rows of red and of blue pixels are wanted of these colours
    const TransferSource* transfers = nullptr;  // of the picture, if there is one
};

/// By Fourier transform, tile by tile, each with the spread function of its place and colour. Tiles lie on a
/// grid that is fixed to the sensor, so any part of the image comes out the same.
[[nodiscard]] Blurred blur_by_tiles(const TileKernels&, const BlurJob&);
/// What tiles take of a layer at this distance, of which there is nothing yet.
[[nodiscard]] scenes::light::Sampling sampling_for_tiles(const BlurJob&);
/// How many units along each axis of it are one tile.
[[nodiscard]] int tile_units(const BlurJob&);

/// By a Gaussian with the MTF50 of green, one for all colours and places.
[[nodiscard]] Blurred blur_by_gaussians(const TileKernels&, const BlurJob&);

[[nodiscard]] const TileKernels& kernels(scenes::light::Isa);

/// By tiles for a full image, by Gaussians for a coarse one, with the widest kernels of this machine.
[[nodiscard]] Blurred blurred(const BlurJob&, Quality);

}  // namespace lens_model
