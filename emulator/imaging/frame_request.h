#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "emulator/auto/measurement.h"
#include "emulator/imaging/lens_drive.h"
#include "emulator/settings.h"
#include "protocol/bytes.h"
#include "protocol/time.h"
#include "scenes/light/lamp.h"

namespace scenes {
struct World;
}

namespace emulator {

using protocol::Time;

/// All that a frame depends on, copied when its exposure begins.
struct FrameRequest {
    Settings settings;
    LensDrive lens;
    std::shared_ptr<const scenes::World> world{};  // what stands before the lens
    Time start{};                                  // of the exposure
    protocol::Timestamp stamp{};  // reading of the camera's clock at `start`: the time of the scene
    std::uint64_t number = 0;     // frames since power-up
    /// Seed of the frame's noise, as in `sensor_model::FrameSeed`: acquisitions since power-up, 0 for
    /// exposures that belong to none, and frames of this one that were to be sent before.
    std::uint64_t acquisition = 0, frame = 0;
    std::int64_t seed = 1;  // of the camera: of its sensor's pattern and of all noise
    double housing_c = 25;
    int grown_hot_pixels = 0;  // besides those of the chip as built
    auto_functions::Questions questions{};
    /// When STROBE_OUT is high, counted from `start`; from the longest delay of a lamp before it on.
    std::vector<scenes::light::Interval> strobe_high{};
    bool internal = false;  // for the auto functions alone: never sent

    [[nodiscard]] Time duration() const { return Time(std::llround(settings.exposure.time_us * 1e3)); }
    [[nodiscard]] Time end() const { return start + duration(); }
    [[nodiscard]] Time middle() const { return start + duration() / 2; }
};

struct MadeFrame {
    protocol::Bytes payload;  // the image as it goes to the network
    auto_functions::Measurement measured;
};

/// Interface that turns frame requests into images: synchronously, or on another thread.
class FrameMaker {
  public:
    virtual ~FrameMaker() = default;
    /// Calls `done` on the owner's thread, and in the order of the requests; with nothing if a stop was
    /// requested before the frame was made.
    virtual void make(const FrameRequest&, const std::stop_token&,
                      std::function<void(std::optional<MadeFrame>)> done) = 0;
    /// Announces world and lens of later frames, from when the lens is at rest: `stamp` is that of such a
    /// frame. It replaces an earlier announcement.
    virtual void expect(const std::shared_ptr<const scenes::World>&, const lens_model::State&,
                        protocol::Timestamp stamp) = 0;
};

}  // namespace emulator
