#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emulator/settings.h"
#include "scenes/raster/instances.h"

namespace emulator::testbench {

/// Instance and depth image as a client would receive them, of what the middle of each pixel shows.
struct InstanceImage {
    scenes::light::Image<int> item;       // index in the snapshot, or Snapshot::kNone
    scenes::light::Image<float> depth_m;  // z from the entrance pupil, or infinity
    /// Of each item, with all that is fixed to it: the share of its pixels in the frame that nothing hides.
    std::vector<double> visible;
};

/// The part of the sensor that is read.
[[nodiscard]] scenes::light::Rect sensor_part(const ImageFormat&);

/// `centres` are those of `sensor_part` (scenes::pixel_centres).
[[nodiscard]] InstanceImage instance_image(const scenes::Snapshot&, const scenes::TangentMap& centres,
                                           const ImageFormat&);

/// PNG of 16 bits: 0 for the background, else the item's index + 1.
[[nodiscard]] std::string instances_png(const InstanceImage&);
/// PNG of 16 bits: z in units; 0 where there is none, or more than 65535 units.
[[nodiscard]] std::string depth_png(const InstanceImage&, double unit_m);
/// Rows of float32, little endian, metres; infinity where there is none.
[[nodiscard]] std::string depth_raw(const InstanceImage&);

}  // namespace emulator::testbench
