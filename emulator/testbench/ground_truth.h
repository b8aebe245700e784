#pragma once

#include "emulator/imaging/lighting.h"
#include "emulator/profile.h"
#include "lens_model/lens.h"
#include "scenes/truth.h"

namespace emulator::testbench {

/// Ground truth of a snapshot of the scene, in pixels of the image that a client receives, with (0.5, 0.5) in
/// the middle of the first. With skipping two pixels stand for four: a place is right to a quarter of an
/// image pixel.
[[nodiscard]] scenes::Truth ground_truth(const scenes::Snapshot&, const scenes::light::View&,
                                         const ImageFormat&);

/// The mean time of the light of an exposure from one time of the camera's clock to another: where smears
/// have their middle. It is the middle of the exposure unless a lamp is switched by STROBE_OUT.
[[nodiscard]] scenes::Time middle_of_light(const scenes::World&, const Profile&, const lens_model::State&,
                                           scenes::Time from, scenes::Time to,
                                           std::span<const scenes::light::Interval> strobe_high);

}  // namespace emulator::testbench
