#pragma once

#include <cstdint>
#include <vector>

#include "scenes/motion/snapshot.h"
#include "scenes/raster/raster.h"

namespace scenes {

/// Instance and depth image of the sharp world: what the middle of each pixel of green shows, by the geometry
/// that the renderer draws with. Blur, smear and lateral colour are left aside.
struct Instances {
    light::Rect where;            // in pixels of the sensor
    light::Image<int> item;       // index in the snapshot, or Snapshot::kNone for the background
    light::Image<float> depth_m;  // z from the entrance pupil; infinity where the background is
    std::vector<int> covered_px;  // by each item, whatever lies over it
};

/// Directions of the middles of these pixels of the sensor and of some around them; it holds for one view.
[[nodiscard]] TangentMap pixel_centres(const light::View&, light::Rect pixels);

/// Of these pixels, which the map must hold.
[[nodiscard]] Instances instances(const Snapshot&, const TangentMap&, light::Rect pixels);

}  // namespace scenes
