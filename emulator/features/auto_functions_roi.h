#pragma once

#include <algorithm>

#include "emulator/auto/regions.h"
#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kRegionPresets[] = {
    {"AutoFunctionsROIPreset_Full", 0, "Full Sensor"},
    {"AutoFunctionsROIPreset_Custom", 1, "Custom Rectangle"},
    {"AutoFunctionsROIPreset_Center50Pct", 2, "Center 50%"},
    {"AutoFunctionsROIPreset_Center25Pct", 3, "Center 25%"},
    {"AutoFunctionsROIPreset_BottomHalf", 4, "Bottom Half"},
    {"AutoFunctionsROIPreset_TopHalf", 5, "Top Half"}};

inline bool region_is_preset(const Camera& c) {
    return c.settings.automatic.region_preset != auto_functions::RegionPreset::custom;
}

/// The rectangle of the auto functions while AutoFunctionsROIEnable is on.
inline auto_functions::Rect region_in_use(const Camera& c) {
    const auto& automatic = c.settings.automatic;
    const auto& image = c.settings.image;
    return auto_functions::auto_functions_region(automatic.region_preset, automatic.region, static_cast<int>(image.width),
                                             static_cast<int>(image.height));
}

template <auto side>
inline constexpr Accessor region_side{
    .get = [](const Camera& c) -> Value { return std::int64_t{region_in_use(c).*side}; },
    .set = field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::region, side>.set};

/// The first place leaves room for the smallest length, and the length ends at the image's edge. In small images, and
/// with presets of them, the smallest length is what there is.
template <auto side, auto image_length>
Bounds region_start_range(const Camera& c) {
    const auto free = c.settings.image.*image_length - auto_functions::kMinRegion;
    return {0, std::max<double>(static_cast<double>(free), region_in_use(c).*side)};
}
template <auto side, auto start, auto image_length>
Bounds region_length_range(const Camera& c) {
    const auto region = region_in_use(c);
    return {static_cast<double>(std::min(auto_functions::kMinRegion, region.*side)),
            static_cast<double>(c.settings.image.*image_length - region.*start)};
}

/// Region of interest of ExposureAuto, GainAuto and BalanceWhiteAuto (manual 5.12).
inline constexpr Feature kAutoFunctionsROI[] = {
    {.info = {.name = "AutoFunctionsROIEnable", .display = "Auto Functions ROI Enable", .address = 0x001D'0000, .type = Flag{},
              .tip = "Whether ExposureAuto, GainAuto and BalanceWhiteAuto measure in a part of the image.", .custom = true},
     .value = field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::region_enabled>},
    {.info = {.name = "AutoFunctionsROIPreset", .display = "Auto Functions ROI Preset", .address = 0x001D'0004,
              .type = Choice{kRegionPresets}, .tip = "The part of the image. Only Custom Rectangle can be written.", .custom = true},
     .value = field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::region_preset>},
    {.info = {.name = "AutoFunctionsROILeft", .display = "Auto Functions ROI Left", .address = 0x001D'0008,
              .type = Integer{0, 2032, 2, "px"},
              .tip = "Left edge of the rectangle in the image. Width and height are clipped to the image.", .custom = true},
     .value = region_side<&auto_functions::Rect::x>, .range = region_start_range<&auto_functions::Rect::x, &ImageFormat::width>,
     .locked = region_is_preset},
    {.info = {.name = "AutoFunctionsROITop", .display = "Auto Functions ROI Top", .address = 0x001D'000C,
              .type = Integer{0, 1520, 2, "px"}, .tip = "Top edge of the rectangle in the image.", .custom = true},
     .value = region_side<&auto_functions::Rect::y>, .range = region_start_range<&auto_functions::Rect::y, &ImageFormat::height>,
     .locked = region_is_preset},
    {.info = {.name = "AutoFunctionsROIWidth", .display = "Auto Functions ROI Width", .address = 0x001D'0010,
              .type = Integer{16, 2048, 2, "px"}, .tip = "Width of the rectangle in the image.", .custom = true},
     .value = region_side<&auto_functions::Rect::width>,
     .range = region_length_range<&auto_functions::Rect::width, &auto_functions::Rect::x, &ImageFormat::width>,
     .locked = region_is_preset},
    {.info = {.name = "AutoFunctionsROIHeight", .display = "Auto Functions ROI Height", .address = 0x001D'0014,
              .type = Integer{16, 1536, 2, "px"}, .tip = "Height of the rectangle in the image.", .custom = true},
     .value = region_side<&auto_functions::Rect::height>,
     .range = region_length_range<&auto_functions::Rect::height, &auto_functions::Rect::y, &ImageFormat::height>,
     .locked = region_is_preset},
};

}  // namespace emulator::features
