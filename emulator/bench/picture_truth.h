#pragma once

#include "emulator/profile.h"
#include "lens_model/lens.h"
#include "scenes/truth.h"
#include "sensor_model/region.h"

namespace emulator::bench {

/// Where a place of the sensor is in an image of this region, both in pixels with (0.5, 0.5) in the middle of
/// the first. With skipping two pixels stand for four: such a place is right to a quarter of an image pixel.
[[nodiscard]] scenes::light::Point image_from_sensor(const sensor_model::Region&, scenes::light::Point);

/// What is true of the scene at a time, in pixels of the image that a client receives.
[[nodiscard]] scenes::Truth picture_truth(const scenes::World&, const Profile&, const lens_model::State&,
                                          const ImageFormat&, scenes::Time);

}  // namespace emulator::bench
