#pragma once

#include "emulator/settings.h"
#include "protocol/bytes.h"
#include "sensor_model/timing.h"

namespace emulator::acquisition {

using protocol::Time;
using sensor_model::Chip;

/// Lowest frame rate that can be set (assumed; the manual prints none).
inline constexpr double kMinFrameRateHz = 0.1;
/// A rate is counted in steps of this size.
inline constexpr double kFrameRateStepHz = 1e-5;

/// The photosites that an image is read from.
[[nodiscard]] sensor_model::Region region(const ImageFormat&);
/// Bytes of one image without chunks.
[[nodiscard]] std::int64_t image_bytes(const ImageFormat&);
/// Bytes of a block: the image, and its chunks if they are on.
[[nodiscard]] std::int64_t payload_bytes(const Settings&);
/// Time that the link needs for one frame: payload at 125 MB/s / 1.1, and 24 us (inferred: gives all rates of
/// the manual).
[[nodiscard]] double link_time_s(const ImageFormat&);
/// The highest AcquisitionFrameRate: what link and sensor allow, exposure left aside.
[[nodiscard]] double max_frame_rate_hz(const Chip&, const ImageFormat&);
/// From one exposure start to the next while free-running: the longest of readout, link, exposure with its
/// overhead, the set frame rate, and the throughput limit.
[[nodiscard]] Time frame_period(const Chip&, const Settings&);

}  // namespace emulator::acquisition
