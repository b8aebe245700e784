#pragma once

#include "emulator/imaging/lighting.h"
#include "emulator/profile.h"
#include "lens_model/lens.h"
#include "scenes/truth.h"
#include "sensor_model/region.h"

namespace emulator::testbench {

/// Where a place of the sensor is in an image of this region, both in pixels with (0.5, 0.5) in the middle of
/// the first. With skipping two pixels stand for four: such a place is right to a quarter of an image pixel.
[[nodiscard]] scenes::light::Point image_from_sensor(const sensor_model::Region&, scenes::light::Point);

/// Ground truth of the scene at a time, in pixels of the image that a client receives.
[[nodiscard]] scenes::Truth ground_truth(const scenes::World&, const Profile&, const lens_model::State&,
                                         const ImageFormat&, scenes::Time);

/// The mean time of the light of an exposure from one time of the camera's clock to another: where smears
/// have their middle. It is the middle of the exposure unless a lamp is switched by STROBE_OUT.
[[nodiscard]] scenes::Time middle_of_light(const scenes::World&, const Profile&, const lens_model::State&,
                                           scenes::Time from, scenes::Time to,
                                           std::span<const scenes::light::Interval> strobe_high);

}  // namespace emulator::testbench
