#pragma once

#include <array>
#include <vector>

#include "scenes/light/image.h"

namespace scenes::light {

/// What arrives at the lens from one distance, before blur.
///
/// `signal` is radiance weighted with the camera's spectral response, per colour channel: the electrons per second that
/// a pixel of that colour would collect if the lens had π/(4F²) = 1 and no vignetting. It is multiplied by coverage already.
struct Layer {
    double distance_m = 0;                    // may be infinite
    Rect where;                               // in samples of the whole raster
    std::array<Image<float>, 3> signal;       // R, G, B, each `where.width` x `where.height`
    Image<float> coverage;                    // 0 .. 1: how much of a sample this layer hides of those behind it
};

/// A raster of box-averaged samples, finer than the pixels by a whole factor; layers go from far to near.
struct Radiance {
    int samples_per_pixel = 1;                // along each axis
    Rect pixels;                              // the part of the sensor that is covered
    std::vector<Layer> layers;
};

/// Electrons per second, or electrons, that each pixel of the Bayer mosaic (RGGB, phase R at 0,0) collects on average.
using Mosaic = Image<float>;

}  // namespace scenes::light
