#pragma once

namespace emulator::isp {

/// White balance: gains of the three colours in 1/64, 0..255.
struct WhiteBalance {
    int red_64 = 64, green_64 = 64, blue_64 = 64;
    bool operator==(const WhiteBalance&) const = default;
};

}  // namespace emulator::isp
