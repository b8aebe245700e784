#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "emulator/acquisition/trigger.h"

// Outputs of sequencer and frame loop: what happened in the camera, and when.

namespace emulator::acquisition {

/// Exposure time and gain of one frame.
struct Shutter {
    double exposure_us = 0;
    double gain_db = 0;
    int index_in_set = 0;  // 0 outside multi-frame output mode
};

/// One frame. All of it is known when its exposure begins.
struct Frame {
    std::uint64_t number = 0;   // frames since power-up
    std::uint64_t trigger = 0;  // the accepted trigger that it belongs to, from 1; 0: free running
    Shutter shutter;
    Time start{}, end{};  // of exposure
    Time readout_end{};
    Time transfer_start{};  // when its first packet leaves
};

struct LineEdge {
    bool high = false;
};  // TRIGGER_IN
struct StrobeEdge {
    bool high = false;
};  // STROBE_OUT
/// An external trigger has passed line conditioning and delay, whatever becomes of it.
struct TriggerConditioned {
    TriggerSource source;
};
struct TriggerAccepted {
    TriggerSource source;
    std::uint64_t trigger = 0;
};
struct TriggerMissed {
    TriggerSource source;
};
struct ExposureStart {
    Frame frame;
};
struct ExposureEnd {
    Frame frame;
};  // readout begins
struct ReadoutEnd {
    Frame frame;
};
/// The frame loop's, not the sequencer's: an image was handed to the stream channel, and how long that is
/// busy with it.
struct FrameSubmitted {
    std::uint64_t number = 0;
    Time transfer_start{}, transfer_end{};
};
/// Why a frame whose exposure began was not sent, or not to its end.
enum class DropCause : std::uint8_t {
    abandoned,       // acquisition started anew before it was sent
    rendering_late,  // this host is too slow to make images
    sending_late,    // this host is too slow to send them, or had no room for a packet
    unreachable,     // no way leads to the client
    channel_closed,  // the stream channel was closed or moved
    count
};
/// Of an exposure that is broken off the sequencer's, else the frame loop's.
struct FrameDropped {
    std::uint64_t number = 0;
    DropCause cause = DropCause::abandoned;
};

/// An output at the time for which it was scheduled.
struct Output {
    Time at{};
    std::variant<LineEdge, StrobeEdge, TriggerConditioned, TriggerAccepted, TriggerMissed, ExposureStart,
                 ExposureEnd, ReadoutEnd, FrameSubmitted, FrameDropped>
        what;
};
using Outputs = std::vector<Output>;

}  // namespace emulator::acquisition
