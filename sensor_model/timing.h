#pragma once

#include <chrono>

#include "sensor_model/chip.h"
#include "sensor_model/region.h"

namespace sensor_model {

/// Row time in seconds: no whole number of nanoseconds, so it is rounded after multiplication only.
using Seconds = std::chrono::duration<double>;

/// The shortest time to read one row. It shrinks with the columns that are read.
[[nodiscard]] Seconds row_time(const Chip&, const Region&);

/// The rows of a readout: those of the region, and blank ones.
[[nodiscard]] double readout_rows(const Chip&, const Region&);

/// From the end of exposure until the last row is read and the next frame may be, with rows of the shortest
/// time, or of another one.
[[nodiscard]] std::chrono::nanoseconds readout_time(const Chip&, const Region&);
[[nodiscard]] std::chrono::nanoseconds readout_time(const Chip&, const Region&, Seconds row);

/// How long before the next exposure one must have ended: some rows, less the offset of the exposure.
[[nodiscard]] std::chrono::nanoseconds exposure_gap(const Chip&, const Region&);

/// The shortest period of frames that are read out while the next is exposed.
[[nodiscard]] std::chrono::nanoseconds overlapped_period(const Chip&, const Region&,
                                                         std::chrono::nanoseconds exposure);

/// From the end of a readout until the sensor is idle: some rows.
[[nodiscard]] std::chrono::nanoseconds rest_time(const Chip&, const Region&);

}  // namespace sensor_model
