#pragma once

#include "scenes/light/image.h"

namespace emulator::auto_functions {

using scenes::light::Rect;

struct ExposureLimits {
    double exposure_us_min = 100, exposure_us_max = 33'333;
    double gain_db_min = 0, gain_db_max = 48;
    double iris_steps_min = 64;     // about F/11; farther down diffraction blurs the picture
    double iris_steps_closed = 32;  // where it lets nothing through; differs from unit to unit
    bool operator==(const ExposureLimits&) const = default;
};

/// Settings of ExposureAuto, IrisAuto and GainAuto. What is off keeps its value.
struct AutoExposureSettings {
    bool exposure = true, iris = false, gain = true;
    int reference = 128;  // mean of the picture in 8 bits
    bool highlight_reduction = false;
    ExposureLimits limits{};
    bool operator==(const AutoExposureSettings&) const = default;
};

enum class BalanceAuto { off = 0, continuous = 1, once = 2 };
enum class BalanceMode { grey_world = 0, temperature = 1 };
enum class BalancePreset { any = 0, warm_white = 1, cool_white = 2, daylight = 3, deep_shade = 4 };

struct AutoWhiteBalanceSettings {
    BalanceAuto automatic = BalanceAuto::continuous;
    BalanceMode mode = BalanceMode::grey_world;
    BalancePreset preset = BalancePreset::any;
    bool operator==(const AutoWhiteBalanceSettings&) const = default;
};

enum class RegionPreset { full = 0, custom = 1, center_50 = 2, center_25 = 3, bottom_half = 4, top_half = 5 };

/// All settings of the auto functions, with their values at power-up.
struct Settings {
    AutoExposureSettings exposure;
    bool longest_exposure_follows_rate = true;
    AutoWhiteBalanceSettings balance;
    int temperature_k = 6500;  // of the light: set by a client, or found last
    // Region of exposure, gain and white balance.
    bool region_enabled = false;
    RegionPreset region_preset = RegionPreset::full;
    Rect region = scenes::light::kSensor;  // of the image, for the preset that is custom
    // Region of autofocus.
    bool focus_region_enabled = false;
    Rect focus_region{0, 0, 640, 480};  // of the sensor
    bool operator==(const Settings&) const = default;
};

}  // namespace emulator::auto_functions
