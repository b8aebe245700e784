#pragma once

#include <cstdint>
#include <vector>

#include "sensor_model/chip.h"

namespace sensor_model {

/// Hot pixel: much more dark current than the others.
struct HotPixel {
    int x = 0, y = 0;
    float excess_e_s = 0;  // at the reference temperature
};

/// A pixel whose offset jumps between two levels (random telegraph signal, RTS noise).
struct RtsPixel {
    int x = 0, y = 0;
    float amplitude_e = 0;  // plus or minus this
    float frames = 1;       // its level is drawn anew once in so many frames on average
    std::uint32_t seed = 0;
};

/// A pixel without response (dead), or always at full scale (stuck).
struct BrokenPixel {
    int x = 0, y = 0;
    bool stuck = false;
};

/// Defect pixels, each list ordered by row, then column.
struct Defects {
    std::vector<HotPixel> hot;
    std::vector<RtsPixel> rts;
    std::vector<BrokenPixel> broken;
};

/// Hot pixels of a camera, and so many that grew later.
[[nodiscard]] std::vector<HotPixel> hot_pixels(const Chip&, std::uint64_t camera_seed, int grown = 0);

[[nodiscard]] Defects make_defects(const Chip&, std::uint64_t camera_seed);

/// The offset of a RTS pixel in a frame of an acquisition (see `FrameSeed`). From frame to frame it is a
/// Markov chain: levels that are k frames apart correlate by (1 - 1/frames)^k. The first frame of an
/// acquisition follows the first one of the acquisition before, however many others that had.
[[nodiscard]] float offset_e(const RtsPixel&, std::uint64_t acquisition, std::uint64_t frame);

}  // namespace sensor_model
