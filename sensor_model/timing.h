#pragma once

#include <chrono>

#include "sensor_model/chip.h"
#include "sensor_model/region.h"

namespace sensor_model {

/// A row takes no whole number of nanoseconds, so its time is not rounded before it is multiplied.
using Seconds = std::chrono::duration<double>;

/// The time to read one row. It shrinks with the columns that are read.
[[nodiscard]] Seconds row_time(const Chip&, const Region&);

/// From the end of exposure until the last row is read and the next frame may be.
[[nodiscard]] std::chrono::nanoseconds readout_time(const Chip&, const Region&);

/// How long before the next exposure one must have ended: some rows, less the offset of the exposure.
[[nodiscard]] std::chrono::nanoseconds exposure_gap(const Chip&, const Region&);

/// The shortest period of frames that are read out while the next is exposed.
[[nodiscard]] std::chrono::nanoseconds overlapped_period(const Chip&, const Region&,
                                                         std::chrono::nanoseconds exposure);

/// The shortest period where exposure waits until the sensor is idle.
[[nodiscard]] std::chrono::nanoseconds sequential_period(const Chip&, const Region&,
                                                         std::chrono::nanoseconds exposure);

}  // namespace sensor_model
