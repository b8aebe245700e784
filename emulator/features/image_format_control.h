#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"
#include "emulator/features/limits.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kPixelFormats[] = {
    {"BayerRG8", static_cast<std::int64_t>(PixelFormat::BayerRG8)},
    {"BayerRG12p", static_cast<std::int64_t>(PixelFormat::BayerRG12p)},
    {"BayerRG12Packed", static_cast<std::int64_t>(PixelFormat::BayerRG12Packed)},
    {"BayerRG16", static_cast<std::int64_t>(PixelFormat::BayerRG16)},
    {"YUV422_8", static_cast<std::int64_t>(PixelFormat::YUV422_8)},
    {"YCbCr411_8", static_cast<std::int64_t>(PixelFormat::YCbCr411_8)},
    {"YCbCr411_8_CbYYCrYY", static_cast<std::int64_t>(PixelFormat::YCbCr411_8_CbYYCrYY)},
    {"BGR8", static_cast<std::int64_t>(PixelFormat::BGR8)},
};

inline Bounds width_range(const Camera& c) { return {kMinWidth, static_cast<double>(width_max(c.settings.image))}; }
inline Bounds height_range(const Camera& c) { return {kMinHeight, static_cast<double>(height_max(c.settings.image))}; }
inline Bounds offset_x_range(const Camera& c) { return {0, static_cast<double>(offset_x_max(c.settings.image))}; }
inline Bounds offset_y_range(const Camera& c) { return {0, static_cast<double>(offset_y_max(c.settings.image))}; }
inline bool offset_is_automatic(const Camera& c) { return c.settings.image.offset_auto_center; }

/// Readout region, skipping and pixel format (SFNC ImageFormatControl, manual 5.1).
inline constexpr Feature kImageFormatControl[] = {
    {.info = {.name = "SensorWidth", .address = 0x0011'0000, .type = Integer{0, kSensorWidth, 1, "px"}, .access = Access::ro,
              .tip = "Columns of the sensor.", .constant = true},
     .value = always<kSensorWidth>},
    {.info = {.name = "SensorHeight", .address = 0x0011'0004, .type = Integer{0, kSensorHeight, 1, "px"}, .access = Access::ro,
              .tip = "Rows of the sensor.", .constant = true},
     .value = always<kSensorHeight>},
    {.info = {.name = "SensorPixelWidth", .address = 0x0011'0008, .type = Real{0, 100, 0.01, "um"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Width of a photosite.", .constant = true},
     .value = computed<[](const Camera& c) { return c.profile.chip.pixel_pitch_um; }>},
    {.info = {.name = "SensorPixelHeight", .address = 0x0011'000C, .type = Real{0, 100, 0.01, "um"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Height of a photosite.", .constant = true},
     .value = computed<[](const Camera& c) { return c.profile.chip.pixel_pitch_um; }>},
    {.info = {.name = "WidthMax", .address = 0x0011'0010, .type = Integer{0, kSensorWidth, 1, "px"}, .access = Access::ro,
              .tip = "Largest Width in this readout mode."},
     .value = computed<[](const Camera& c) { return width_max(c.settings.image); }>},
    {.info = {.name = "HeightMax", .address = 0x0011'0014, .type = Integer{0, kSensorHeight, 1, "px"}, .access = Access::ro,
              .tip = "Largest Height in this readout mode."},
     .value = computed<[](const Camera& c) { return height_max(c.settings.image); }>},
    {.info = {.name = "PixelFormat", .display = "Pixel Format", .address = 0x0011'0018, .type = Choice{kPixelFormats},
              .tip = "Data type of a pixel on the network.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::pixel_format>},
    {.info = {.name = "DecimationHorizontal", .display = "Skipping Horizontal", .address = 0x0011'0038, .type = Integer{1, 2},
              .tip = "Decimation by skipping: 2 skips every other pair of columns.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::decimation_x>},
    {.info = {.name = "DecimationVertical", .display = "Skipping Vertical", .address = 0x0011'003C, .type = Integer{1, 2},
              .tip = "Decimation by skipping: 2 skips every other pair of rows.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::decimation_y>},
    {.info = {.name = "BinningHorizontal", .display = "Binning Horizontal", .address = 0x0011'0040, .type = Integer{1, 1},
              .tip = "Columns that are added up; this sensor offers no binning."},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::binning_x>},
    {.info = {.name = "BinningVertical", .display = "Binning Vertical", .address = 0x0011'0044, .type = Integer{1, 1},
              .tip = "Rows that are added up; this sensor offers no binning."},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::binning_y>},
    {.info = {.name = "Width", .display = "Horizontal Resolution", .address = 0x0011'001C,
              .type = Integer{kMinWidth, kSensorWidth, kWidthStep, "px"},
              .tip = "Columns of the image.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::width>, .range = width_range},
    {.info = {.name = "Height", .display = "Vertical Resolution", .address = 0x0011'0020,
              .type = Integer{kMinHeight, kSensorHeight, kHeightStep, "px"},
              .tip = "Rows of the image.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::height>, .range = height_range},
    {.info = {.name = "OffsetAutoCenter", .display = "Partial Scan Auto Center", .address = 0x0011'002C, .type = Flag{},
              .tip = "Keeps the image in the middle of the sensor.", .custom = true},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::offset_auto_center>,
     .in_the_field = InTheField{Choice{kOffOn}}},
    {.info = {.name = "OffsetX", .display = "Partial Scan Offset X", .address = 0x0011'0024,
              .type = Integer{0, kSensorWidth - kMinWidth, kOffsetStep, "px"},
              .tip = "Left edge of the image on the sensor; larger values are clipped to the largest valid one."},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::offset_x>, .range = offset_x_range,
     // Clients write 0 when they start, and give up on an error.
     .locked = offset_is_automatic, .tolerant = true, .clips = true},
    {.info = {.name = "OffsetY", .display = "Partial Scan Offset Y", .address = 0x0011'0028,
              .type = Integer{0, kSensorHeight - kMinHeight, kOffsetStep, "px"},
              .tip = "Upper edge of the image on the sensor; larger values are clipped to the largest valid one."},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::offset_y>, .range = offset_y_range,
     .locked = offset_is_automatic, .tolerant = true, .clips = true},
    {.info = {.name = "ReverseX", .display = "Flip Horizontal", .address = 0x0011'0030, .type = Flag{},
              .tip = "Mirrors the image left to right."},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::reverse_x>},
    {.info = {.name = "ReverseY", .display = "Flip Vertical", .address = 0x0011'0034, .type = Flag{},
              .tip = "Mirrors the image top to bottom."},
     .value = field<&Camera::settings, &Settings::image, &ImageFormat::reverse_y>},
};

}  // namespace emulator::features
