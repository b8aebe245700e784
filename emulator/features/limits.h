#pragma once

#include "emulator/acquisition/frame_timing.h"
#include "emulator/settings.h"

namespace emulator::features {

/// Limits of the manual's chapter 5.1; sizes and offsets in pixels.
inline constexpr std::int64_t kSensorWidth = scenes::light::kSensor.width,
                              kSensorHeight = scenes::light::kSensor.height;
inline constexpr std::int64_t kMinWidth = 528, kMinHeight = 4, kWidthStep = 16, kHeightStep = 4,
                              kOffsetStep = 4;

[[nodiscard]] constexpr std::int64_t width_max(const ImageFormat& image) {
    return kSensorWidth / image.decimation_x;
}
[[nodiscard]] constexpr std::int64_t height_max(const ImageFormat& image) {
    return kSensorHeight / image.decimation_y;
}
[[nodiscard]] constexpr std::int64_t offset_x_max(const ImageFormat& image) {
    const auto free = width_max(image) - image.width;
    return free - free % kOffsetStep;
}
[[nodiscard]] constexpr std::int64_t offset_y_max(const ImageFormat& image) {
    const auto free = height_max(image) - image.height;
    return free - free % kOffsetStep;
}

/// The lowest AcquisitionFrameRate that can be set for an image: of rates that lie between two steps the
/// lower one is out of reach.
[[nodiscard]] double min_rate_in_steps_hz(const sensor_model::Chip& chip, const ImageFormat& image,
                                          int longest_row_clocks = acquisition::kLongestRowClocks);
/// The highest AcquisitionFrameRate that can be set for an image: a rate that lies between two steps would be
/// read as the higher one, which is out of reach.
[[nodiscard]] double max_rate_in_steps_hz(const sensor_model::Chip& chip, const ImageFormat& image);

/// An image of the wanted size, or as much of it as its readout mode has.
[[nodiscard]] ImageFormat fitting(ImageFormat image);

/// Clips all values that depend on other settings into their legal ranges: a size that has become too large,
/// an offset that has become invalid (manual 5.1.5: the maximum possible value is used), a rate that is out
/// of reach.
void settle(Settings& settings, const sensor_model::Chip& chip);

}  // namespace emulator::features
