#pragma once

#include "emulator/settings.h"
#include "protocol/bytes.h"
#include "protocol/time.h"
#include "sensor_model/timing.h"

namespace emulator::acquisition {

using protocol::Time;
using sensor_model::Chip;

/// Clocks of the longest row, which stretches the slowest frame (of a sibling's description file, where its
/// count has 16 bits).
inline constexpr int kLongestRowClocks = 65528;
/// Clocks of the row from which that file computes ResultingMinFPS.
inline constexpr int kLongestToldRowClocks = 64512;
/// Below the lowest frame rate of every image.
inline constexpr double kLeastFrameRateHz = 0.7;
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
/// The lowest AcquisitionFrameRate: all rows, and those between frames, at their longest.
[[nodiscard]] double min_frame_rate_hz(const Chip&, const ImageFormat&,
                                       int longest_row_clocks = kLongestRowClocks);
/// The highest AcquisitionFrameRate: what link and sensor allow, exposure left aside.
[[nodiscard]] double max_frame_rate_hz(const Chip&, const ImageFormat&);
/// From one exposure start to the next while free-running: the longest of readout, link, exposure with its
/// overhead, the set frame rate, and the throughput limit.
[[nodiscard]] Time frame_period(const Chip&, const Settings&);

}  // namespace emulator::acquisition
