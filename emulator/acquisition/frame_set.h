#pragma once

#include <cstdint>

namespace emulator::acquisition {

struct SetFrame {
    double exposure_us = 33'300;
    double gain_db = 0;
    bool operator==(const SetFrame&) const = default;
};

/// Multi-frame output mode, with its values at power-up: exposure time, and optionally gain, cycle from frame
/// to frame (manual 5.14).
struct FrameSetSettings {
    bool enabled = false;
    std::int64_t frame_count = 2;  // 2 or 4
    bool custom_gain = false;
    SetFrame frame0 = {}, frame1 = {}, frame2 = {}, frame3 = {};
    bool operator==(const FrameSetSettings&) const = default;
};

}  // namespace emulator::acquisition
