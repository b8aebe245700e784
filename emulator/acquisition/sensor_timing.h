#pragma once

#include "emulator/acquisition/frame_timing.h"
#include "emulator/profile.h"

namespace emulator::acquisition {

/// What sensor, link and frame rate allow with the image format that is set.
struct SensorTiming {
    sensor_model::Seconds row{};
    Time readout{};         // from the end of an exposure until its last row is read
    Time exposure_gap{};    // from the end of an exposure until the next may begin, while it is read
    Time rest{};            // from the end of a readout until the sensor is idle
    Time frame_period{};    // from the end of an exposure to that of the next, both left aside: sensor, link,
                            // frame rate and throughput limit
    Time transfer_delay{};  // from the end of an exposure until its first packet may leave
    Time transfer{};        // how long the stream channel is busy with a frame
};

/// The time in which the sensor reads one row: its rows fill the period of AcquisitionFrameRate, at the
/// shortest time of a row or longer (inferred: manual 5.5.6 has the random delay of triggers depend on the
/// frame rate). `Profile::row_time_follows_rate` set to false leaves it at the shortest.
[[nodiscard]] sensor_model::Seconds row_time(const Profile&, const Settings&);

/// `transfer` is what the stream channel needs for one frame, where packets or gaps make it slower than the
/// link is. Readout and transfer overlap: the first packet leaves as soon as the wire will not have to wait
/// for the sensor.
[[nodiscard]] SensorTiming sensor_timing(const Profile&, const Settings&, Time transfer = {});

}  // namespace emulator::acquisition
