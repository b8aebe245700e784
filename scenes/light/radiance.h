#pragma once

#include <array>
#include <optional>
#include <vector>

#include "scenes/light/image.h"

namespace scenes::light {

/// Sampling of a layer: density and extent. Layers far out of focus need fewer samples, over a larger area.
struct Sampling {
    int coarsening = 1;  // samples of the raster, along each axis, that are one of the layer: a power of two
    Rect known;          // in samples of the layer; beyond it the outermost go on for ever
    bool operator==(const Sampling&) const = default;
};

/// Layer: light that arrives at the lens from one distance, before blur.
///
/// `signal` is radiance weighted with the camera's spectral response, per colour channel: the electrons per
/// second that a pixel of that colour would collect if the lens had π/(4F²) = 1 and no vignetting. It is
/// multiplied by coverage already.
struct Layer {
    double distance_m = 0;               // may be infinite
    Rect where;                          // in samples of the layer, from the corner of the sensor
    std::array<Image<float>, 3> signal;  // R, G, B, each `where.width` x `where.height`
    Image<float> coverage;               // 0 .. 1: how much of a sample this layer hides; empty: hides all
    Sampling sampling{};                 // nothing known: as all of `Radiance::rendered`
};

/// How far the charge of each channel's light spreads inside the sensor before a pixel collects it: standard
/// deviations along an axis, of visible light and of light beyond 700 nm.
struct Diffusion {
    std::array<double, 3> visible_um{0, 0, 0};
    double infrared_um = 0;
    bool operator==(const Diffusion&) const = default;
};

/// A raster of box-averaged samples, finer than the pixels by a whole factor, or coarser for a draft; layers
/// go from far to near.
///
/// Sample (0, 0) is the upper left corner of sensor pixel (0, 0); samples beyond the sensor's edge are
/// negative or beyond its size. A layer is empty outside `where`, but beyond what is known of it its
/// outermost samples go on for ever: blur reaches there. `lens_model::sampling` says what must be known.
struct Radiance {
    int samples_per_pixel = 1;  // along each axis: 1, 2 or 4
    int pixels_per_sample = 1;  // along each axis: 1, or 2, 4 or 8 in a draft
    Rect pixels;                // the part of the sensor that is wanted
    Rect rendered;              // in pixels, holds `pixels`; empty means the same as `pixels`
    std::vector<Layer> layers;

    /// The part of each channel's signal that is light beyond 700 nm: the lens brings it to focus elsewhere.
    std::array<double, 3> infrared_share{0, 0, 0};

    /// Mean signal of the whole frame, which the lens scatters as veiling glare. Absent: the mean of these
    /// layers. Set it where only a part of the frame is rendered again.
    std::optional<std::array<double, 3>> frame_mean;

    /// Diffusion in the sensor, blurred together with the lens.
    Diffusion diffusion{};
};

/// Electrons per second, or electrons, that each pixel of the Bayer mosaic (RGGB, phase R at 0,0) collects on
/// average.
using Mosaic = Image<float>;

}  // namespace scenes::light
