#pragma once

#include "emulator/imaging/frame_request.h"
#include "emulator/testbench/bench.h"
#include "protocol/gvsp/block.h"

namespace emulator::testbench {

/// What the camera sees at a moment with the settings in force: a frame request that belongs to no
/// acquisition, so that making it changes nothing. Two of one key give the same picture.
struct Sight {
    FrameRequest request;
    bool moves = false;  // scene, light or lens change with time

    /// The same lens before the same scene: only the sensor, or what processes its data, may differ.
    [[nodiscard]] bool has_view_of(const Sight&) const;
    [[nodiscard]] bool operator==(const Sight&) const;
};

/// The image of a request as a block that was sent to nobody.
[[nodiscard]] protocol::gvsp::Block block_of(const FrameRequest&, protocol::Bytes payload);

/// Of this moment. Lamps that the strobe switches shine as they would for a triggered exposure.
[[nodiscard]] Sight sight_of(const Bench&);

}  // namespace emulator::testbench
