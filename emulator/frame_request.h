#pragma once

#include <cmath>
#include <functional>

#include "emulator/auto/measurement.h"
#include "emulator/lens_drive.h"
#include "emulator/outside.h"
#include "emulator/settings.h"

namespace emulator {

/// All that a frame depends on, copied when its exposure begins.
struct FrameRequest {
    Settings settings;
    LensDrive lens;
    Time start{};              // of the exposure
    Time stamp{};              // what the camera's clock reads then: the scene is seen as it is at this time
    std::uint64_t number = 0;  // frames since power-up
    automatics::Questions questions{};
    bool internal = false;  // for the automatics alone: nobody sees the picture

    [[nodiscard]] Time end() const { return start + Time(std::llround(settings.exposure.time_us * 1e3)); }
    [[nodiscard]] Time middle() const { return start + (end() - start) / 2; }
};

struct MadeFrame {
    protocol::Bytes payload;  // the image as it goes to the network
    automatics::Measurement measured;
};

/// Makes images out of requests: here and now, or on another thread.
class FrameMaker {
  public:
    virtual ~FrameMaker() = default;
    /// Calls `done` on the owner's thread, and in the order of the requests.
    virtual void make(const FrameRequest&, std::function<void(MadeFrame)> done) = 0;
};

}  // namespace emulator
