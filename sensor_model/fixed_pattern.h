#pragma once

#include <cstdint>
#include <vector>

#include "scenes/light/image.h"
#include "sensor_model/chip.h"
#include "sensor_model/defects.h"

namespace sensor_model {

/// Fixed pattern noise of one camera: DSNU map (dark signal non-uniformity), PRNU map (photo response
/// non-uniformity), defect pixels. The maps are one byte per pixel, because every frame reads all of them.
struct FixedPattern {
    scenes::light::Image<std::int8_t> prnu;  // in steps of `prnu_step`, as a part of the signal
    scenes::light::Image<std::int8_t> dsnu;  // in steps of `dsnu_step_e`
    scenes::light::Image<std::uint8_t>
        dark;                              // in steps of `kDarkStep`, as a multiple of the mean dark current
    float prnu_step = 0, dsnu_step_e = 0;  // so that six standard deviations fit
    std::vector<float> column_e, row_e;    // offsets of whole columns and rows
    Defects defects;
};

inline constexpr float kDarkStep = 1.0F / 32;

/// The same chip and seed give the same pattern on every machine.
[[nodiscard]] FixedPattern make_fixed_pattern(const Chip&, std::uint64_t camera_seed);

}  // namespace sensor_model
