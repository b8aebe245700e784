#pragma once

#include <optional>
#include <vector>

#include "emulator/frame_request.h"
#include "emulator/profile.h"
#include "lens_model/lens.h"
#include "scenes/world.h"
#include "sensor_model/sensor.h"

namespace emulator {

/// Takes frames: the whole physics, in the order in which light meets it.
///
/// A frame is a function of the request, the profile and the scene alone. What stands still is rendered once and kept
/// until the lens or the scene changes.
class FrameSource {
  public:
    FrameSource(const Profile& profile, scenes::World world);

    /// The image as it goes to the network.
    [[nodiscard]] protocol::Bytes take(const FrameRequest&);
    [[nodiscard]] sensor_model::RawFrame expose(const FrameRequest&);

  private:
    struct Still {
        lens_model::State lens;
        std::uint64_t version = 0;
        std::vector<scenes::light::Mosaic> lamps;  // electrons per second, one map for each lamp at full level
    };
    const Still& still(const lens_model::State&, Time);

    const Profile& profile_;
    scenes::World world_;
    sensor_model::FixedPattern pattern_;
    std::optional<Still> still_;
};

/// Where the parts of the lens are when a frame begins.
[[nodiscard]] lens_model::State lens_state(const FrameRequest&, double temperature_c);

}  // namespace emulator
