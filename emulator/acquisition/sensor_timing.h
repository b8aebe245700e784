#pragma once

#include "emulator/acquisition/frame_timing.h"

namespace emulator::acquisition {

/// What sensor, link and frame rate allow with the image format that is set.
struct SensorTiming {
    sensor_model::Seconds row{};
    Time readout{};       // from the end of an exposure until its last row is read
    Time exposure_gap{};  // from the end of an exposure until the next may begin, while it is read
    Time rest{};          // from the end of a readout until the sensor is idle
    Time frame_period{};  // from start to start, exposure left aside: sensor, link, frame rate and throughput
                          // limit
};

/// `transfer` is what the stream channel needs for one frame, where packets or gaps make it slower than the
/// link is.
[[nodiscard]] SensorTiming sensor_timing(const Chip&, const Settings&, Time transfer = {});

}  // namespace emulator::acquisition
