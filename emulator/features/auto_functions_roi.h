#pragma once

#include <algorithm>

#include "emulator/auto/regions.h"
#include "emulator/camera.h"
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
    return c.settings.automatic.region_preset != automatics::RegionPreset::custom;
}

/// One side of the rectangle: the client's own, or that of the preset. A part of a small image may be smaller than what
/// can be set; it reads as the least that can.
template <auto side, int least = 0>
inline constexpr Accessor region_side{
    .get = [](const Camera& c) -> Value {
        const auto& automatic = c.settings.automatic;
        const auto& image = c.settings.image;
        const auto region = region_is_preset(c)
            ? automatics::auto_functions_region(automatic.region_preset, automatic.region, static_cast<int>(image.width),
                                                static_cast<int>(image.height))
            : automatic.region;
        return std::int64_t{std::max(least, region.*side)};
    },
    .set = field<&Camera::settings, &Settings::automatic, &automatics::Settings::region, side>.set};

/// Where automatic exposure, gain and white balance look (manual 5.12).
inline constexpr Feature kAutoFunctionsROI[] = {
    {.info = {.name = "AutoFunctionsROIEnable", .display = "Auto Functions ROI Enable", .address = 0x001D'0000, .type = Flag{},
              .tip = "Whether exposure, gain and white balance look at a part of the image."},
     .value = field<&Camera::settings, &Settings::automatic, &automatics::Settings::region_enabled>},
    {.info = {.name = "AutoFunctionsROIPreset", .display = "Auto Functions ROI Preset", .address = 0x001D'0004,
              .type = Choice{kRegionPresets}, .tip = "Which part. Only a custom rectangle can be written."},
     .value = field<&Camera::settings, &Settings::automatic, &automatics::Settings::region_preset>},
    {.info = {.name = "AutoFunctionsROILeft", .display = "Auto Functions ROI Left", .address = 0x001D'0008,
              .type = Integer{0, 2032, 2, "px"},
              .tip = "Of the image. A rectangle that is not in the image is shrunk and moved into it when it is used."},
     .value = region_side<&automatics::Rect::x>, .locked = region_is_preset},
    {.info = {.name = "AutoFunctionsROITop", .display = "Auto Functions ROI Top", .address = 0x001D'000C,
              .type = Integer{0, 1520, 2, "px"}, .tip = "Of the image."},
     .value = region_side<&automatics::Rect::y>, .locked = region_is_preset},
    {.info = {.name = "AutoFunctionsROIWidth", .display = "Auto Functions ROI Width", .address = 0x001D'0010,
              .type = Integer{16, 2048, 2, "px"}, .tip = "Of the image."},
     .value = region_side<&automatics::Rect::width, 16>, .locked = region_is_preset},
    {.info = {.name = "AutoFunctionsROIHeight", .display = "Auto Functions ROI Height", .address = 0x001D'0014,
              .type = Integer{16, 1536, 2, "px"}, .tip = "Of the image."},
     .value = region_side<&automatics::Rect::height, 16>, .locked = region_is_preset},
};

}  // namespace emulator::features
