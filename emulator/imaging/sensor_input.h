#pragma once

#include <span>

#include "emulator/imaging/frame_request.h"
#include "emulator/imaging/lighting.h"
#include "emulator/imaging/still_cache.h"
#include "sensor_model/sensor.h"

namespace emulator {

/// The light of a frame: what stands still, by each lamp, and what moves over it, from one time of the
/// scene to another; and how much of both reaches the stored charge (PLS). Throws `Cancelled`.
[[nodiscard]] sensor_model::Exposure sensor_light(StillCache&, std::span<const LampLight> lamps, Time from,
                                                  Time to, const std::stop_token&);

[[nodiscard]] sensor_model::Settings sensor_settings(const Profile&, const FrameRequest&);

[[nodiscard]] sensor_model::FrameSeed frame_seed(const FrameRequest&);

}  // namespace emulator
