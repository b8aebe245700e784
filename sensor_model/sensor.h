#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "scenes/light/image.h"
#include "scenes/light/isa.h"
#include "scenes/light/radiance.h"
#include "sensor_model/chip.h"
#include "sensor_model/fixed_pattern.h"
#include "sensor_model/region.h"

namespace sensor_model {

using scenes::light::Isa;

/// Settings of one exposure, and the temperature of the chip.
struct Settings {
    double exposure_us = 33'333;
    double gain_db = 0;           // 0 to 48; analog up to 24
    double black_level_dn = 240;  // rounded to a whole code
    Region region{};
    double temperature_c = 37;  // of the chip, not of the housing
    double row_s = 0;           // the time in which a row is read, or the shortest where that is longer
};

/// Still image: electrons per second for the whole array, and the exposure time. The map is read during
/// `expose` only.
struct Still {
    const scenes::light::Mosaic* electrons_per_s = nullptr;
    double exposure_s = 0;
    /// Of its lamp for R, G and B: the mean of its flicker, which a phosphor may lag.
    std::array<double, 3> level{1, 1, 1};
    double pls = 1;  // parasitic light sensitivity (PLS) over the chip's at 550 nm
};

/// A part of the picture that moves: electrons of the whole exposure. It replaces the stills inside `where`.
struct Patch {
    scenes::light::Rect where;        // in photosites of the whole array
    scenes::light::Mosaic electrons;  // `where.width` x `where.height`
    double pls = 1;                   // as of a still
};

/// Mean photo-electrons of one frame; of overlapping patches the later one counts.
struct Exposure {
    std::vector<Still> stills;
    std::vector<Patch> patches;
};

/// What is random in a frame is a function of these alone, states of RTS pixels included, and of no time: the
/// same acquisitions with the same seed give the same frames, whatever pauses are between them, and however
/// many frames the ones before had.
struct FrameSeed {
    std::uint64_t camera_seed = 0;
    std::uint64_t frame = 0;        // of the acquisition, below 2^32
    std::uint64_t acquisition = 0;  // since power-up
};

/// Codes of 12 bits, RGGB, in the geometry of the region.
struct RawFrame {
    scenes::light::Image<std::uint16_t> dn;
};

/// Exposes and reads one frame.
[[nodiscard]] RawFrame expose(const Chip&, const FixedPattern&, const Exposure&, const Settings&,
                              const FrameSeed&, Isa = scenes::light::best_isa());

/// A frame of the right size, to be filled by `expose_rows`.
[[nodiscard]] RawFrame unexposed(const Settings&);

/// Rows of the frame from `first` up to `last`, which is not included.
struct RowSpan {
    int first = 0, last = 0;
};

/// As `expose`, for these rows only and into a frame that is there already. Workers may share a frame, each
/// with rows of its own; the result does not depend on how it was divided.
void expose_rows(const Chip&, const FixedPattern&, const Exposure&, const Settings&, const FrameSeed&,
                 RowSpan, RawFrame& frame, Isa = scenes::light::best_isa());

}  // namespace sensor_model
