#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "emulator/camera/camera.h"
#include "emulator/net/histogram.h"
#include "emulator/net/stream_counts.h"

namespace emulator::testbench {

/// A frame that was exposed, with all that decides where things are in it.
struct FrameRecord {
    acquisition::Frame frame;
    std::uint64_t block_id = 0;  // 0: no stream channel was open
    std::uint64_t ticks = 0;     // of the camera's clock, when its exposure began: what its leader says
    ImageFormat image;
    lens_model::State lens;  // in the middle of the exposure, as the image shows it
    bool lens_moved = false;
    bool exposed = false;                                // to its end
    std::shared_ptr<const scenes::World> world{};        // of its exposure; pictures without their pixels
    std::vector<scenes::light::Interval> strobe_high{};  // counted from the start of exposure
};

/// Since power-up.
struct Counts {
    std::uint64_t triggers_accepted = 0, triggers_missed = 0;
    std::uint64_t frames_exposed = 0, frames_submitted = 0;
    std::uint64_t frames_without_channel = 0;  // exposed while nobody was to receive them
    std::array<std::uint64_t, std::size_t(acquisition::DropCause::count)> frames_dropped{};  // by cause
};

/// What the sender and the renderer count, since power-up.
struct EngineCounts {
    net::StreamCounts::Values stream;
    net::Histogram render_s;
};

}  // namespace emulator::testbench
