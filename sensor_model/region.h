#pragma once

#include "scenes/light/image.h"

namespace sensor_model {

/// The part of the sensor that is read out, in photosites of the whole array. All four numbers are even.
///
/// Skipping by 2 reads two and drops two, so that the colours stay RGGB. A flipped frame is shifted by one,
/// so that its first pixel is red too; its last column (or row) repeats the nearest one of the same colours.
struct Region {
    int x = 0, y = 0;
    int width = scenes::light::kSensor.width, height = scenes::light::kSensor.height;
    int skip_x = 1, skip_y = 1;  // 1 or 2
    bool reverse_x = false, reverse_y = false;
    bool operator==(const Region&) const = default;
};

/// Columns and rows of the frame.
[[nodiscard]] int read_width(const Region&);
[[nodiscard]] int read_height(const Region&);

/// Which column (row) of those that are read, in the order of the sensor, is this one of the frame.
[[nodiscard]] int read_column_from_frame(const Region&, int frame_column);
[[nodiscard]] int read_row_from_frame(const Region&, int frame_row);

/// Photosite column (row) of this column (row) of the frame.
[[nodiscard]] int sensor_column_from_frame(const Region&, int frame_column);
[[nodiscard]] int sensor_row_from_frame(const Region&, int frame_row);

}  // namespace sensor_model
