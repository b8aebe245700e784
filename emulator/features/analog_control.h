#pragma once

#include <algorithm>

#include "emulator/auto/white_balance.h"
#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kColours[] = {{"Red", 0}, {"Green", 1}, {"Blue", 2}};

inline constexpr Entry kGainAutos[] = {{"Off", 0}, {"Continuous", 1}};
inline constexpr Entry kBalanceAutos[] = {{"Off", 0}, {"Continuous", 1}, {"Once", 2}};
inline constexpr Entry kBalanceModes[] = {{"WhiteBalanceMode_GrayWorld", 0, "Gray World"}, {"WhiteBalanceMode_Temperature", 1, "Temperature"}};
inline constexpr Entry kBalancePresets[] = {
    {"BalanceWhiteAutoPreset_Any", 0, "Any"},
    {"BalanceWhiteAutoPreset_AutoWarmWhite", 1, "Auto Warm White"},
    {"BalanceWhiteAutoPreset_AutoCoolWhite", 2, "Auto Cool White"},
    {"BalanceWhiteAutoPreset_AutoDaylight", 3, "Auto Daylight"},
    {"BalanceWhiteAutoPreset_AutoDeepShade", 4, "Auto Deep Shade"}};
inline constexpr Entry kLamps[] = {
    {"BalanceWhiteTemperaturePreset_SodiumVaporLamp", 0, "Sodium-Vapor Lamp"},
    {"BalanceWhiteTemperaturePreset_WarmLight", 1, "Warm Light"},
    {"BalanceWhiteTemperaturePreset_HalogenLight", 2, "Halogen Light"},
    {"BalanceWhiteTemperaturePreset_NeutralWhite", 3, "Neutral White"},
    {"BalanceWhiteTemperaturePreset_CoolWhiteFluorescentLight", 4, "Cool White Fluorescent Light"},
    {"BalanceWhiteTemperaturePreset_CoolWhiteDaylightCFL", 5, "Cool White/Daylight (CFL)"},
    {"BalanceWhiteTemperaturePreset_Daylight", 6, "Daylight"},
    {"BalanceWhiteTemperaturePreset_CoolWhiteLED", 7, "Cool White LED"},
    {"BalanceWhiteTemperaturePreset_BlueSky", 8, "Blue Sky"}};

inline bool gain_is_automatic(const Camera& c) { return c.settings.automatic.exposure.gain; }
inline bool gain_is_manual(const Camera& c) { return !gain_is_automatic(c); }
inline bool balance_is_automatic(const Camera& c) {
    return c.settings.automatic.balance.automatic != auto_functions::BalanceAuto::off;
}
inline bool temperature_is_not_asked_for(const Camera& c) {
    return balance_is_automatic(c) || c.settings.automatic.balance.mode != auto_functions::BalanceMode::temperature;
}

inline bool lut_takes_the_place_of_gamma(const Camera& c) { return c.settings.isp.lut_enabled; }

/// The white balance factor that BalanceRatioSelector chooses, in 1/64.
inline constexpr int isp::WhiteBalance::* kFactors[] = {
    &isp::WhiteBalance::red_64, &isp::WhiteBalance::green_64, &isp::WhiteBalance::blue_64};

inline constexpr Accessor kBalanceRatio{
    .get = [](const Camera& c) -> Value {
        return c.settings.isp.white_balance.*kFactors[c.settings.selectors.balance_ratio] / 64.0;
    },
    .set = [](Camera& c, const Value& value) {
        const auto factor = kFactors[c.settings.selectors.balance_ratio];
        c.settings.isp.white_balance.*factor = static_cast<int>(std::lround(std::get<double>(value) * 64));
        return Outcome{};
    },
};

template <auto member>
inline constexpr Accessor balance_wish =
    field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::balance, member>;

inline Outcome balance_for(Camera& c, std::int64_t temperature_k) {
    c.settings.automatic.temperature_k = static_cast<int>(temperature_k);
    c.settings.isp.white_balance = auto_functions::balance_for_temperature(c.settings.automatic.temperature_k);
    return {};
}
inline constexpr Accessor kTemperature{
    .get = [](const Camera& c) -> Value { return std::int64_t{c.settings.automatic.temperature_k}; },
    .set = [](Camera& c, const Value& value) { return balance_for(c, std::get<std::int64_t>(value)); }};
/// The lamp that is nearest to BalanceWhiteTemperature.
inline constexpr Accessor kLamp{
    .get = [](const Camera& c) -> Value {
        const auto distance_k = [&](int lamp_k) { return std::abs(lamp_k - c.settings.automatic.temperature_k); };
        return std::ranges::min_element(auto_functions::kLampTemperatures_k, {}, distance_k) -
               auto_functions::kLampTemperatures_k.begin();
    },
    .set = [](Camera& c, const Value& value) {
        return balance_for(c, auto_functions::kLampTemperatures_k[static_cast<std::size_t>(std::get<std::int64_t>(value))]);
    }};

template <auto member>
inline constexpr Accessor gain_limit =
    field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::exposure, &auto_functions::AutoExposureSettings::limits, member>;

/// Amplification and offset at the sensor, colour balance and tone (manual 5.2.2, 5.2.3, 5.3, 5.9, 5.10.1, 5.11).
inline constexpr Feature kAnalogControl[] = {
    {.info = {.name = "GainAuto", .display = "Auto Gain", .address = 0x0013'0080, .type = Choice{kGainAutos},
              .tip = "Gain from image brightness; raised last and lowered first."},
     .value = field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::exposure, &auto_functions::AutoExposureSettings::gain>},
    {.info = {.name = "GainAutoLowerLimit", .display = "Auto Gain Lower Limit", .address = 0x0013'0084, .type = Real{0, 48, 0.1, "dB"},
              .visibility = Visibility::guru,
              .tip = "Smallest automatic gain. It takes precedence if it is above the upper limit.", .custom = true},
     .value = gain_limit<&auto_functions::ExposureLimits::gain_db_min>, .locked = gain_is_manual},
    {.info = {.name = "GainAutoUpperLimit", .display = "Auto Gain Upper Limit", .address = 0x0013'0088, .type = Real{0, 48, 0.1, "dB"},
              .visibility = Visibility::expert, .tip = "Largest automatic gain.", .custom = true},
     .value = gain_limit<&auto_functions::ExposureLimits::gain_db_max>, .locked = gain_is_manual},
    {.info = {.name = "Gain", .address = 0x0013'0000, .type = Real{0, 48, 0.1, "dB"},
              .tip = "Amplification at the sensor; digital above 24 dB.", .polling_ms = 500},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::gain_db>, .locked = gain_is_automatic},
    {.info = {.name = "BlackLevel", .display = "Black Level", .address = 0x0013'0004, .type = Real{0, 4095, 1},
              .tip = "Mean 12-bit code of pixels without light."},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::black_level_dn>},
    {.info = {.name = "BalanceWhiteAuto", .display = "Auto White Balance", .address = 0x0013'008C, .type = Choice{kBalanceAutos},
              .tip = "White balance from image statistics: Continuous adjusts all the time, Once until balanced and then turns Off.", .polling_ms = 500},
     .value = balance_wish<&auto_functions::AutoWhiteBalanceSettings::automatic>},
    {.info = {.name = "BalanceWhiteMode", .display = "White Balance Mode", .address = 0x0013'0090, .type = Choice{kBalanceModes},
              .tip = "Algorithm: grey world (the mean of the picture is grey), or the colour temperature of the light.", .custom = true},
     .value = balance_wish<&auto_functions::AutoWhiteBalanceSettings::mode>},
    {.info = {.name = "BalanceWhiteAutoPreset", .display = "White Balance Auto Preset", .address = 0x0013'0094,
              .type = Choice{kBalancePresets}, .tip = "Range of colour temperatures for the automatic mode.", .custom = true},
     .value = balance_wish<&auto_functions::AutoWhiteBalanceSettings::preset>},
    {.info = {.name = "BalanceWhiteTemperature", .display = "White Balance Temperature", .address = 0x0013'0098,
              .type = Integer{2500, 10'000, auto_functions::kTemperatureStep_k, "K"},
              .tip = "Colour temperature of the light: the set or the last estimated one.", .custom = true, .polling_ms = 500},
     .value = kTemperature, .locked = temperature_is_not_asked_for},
    {.info = {.name = "BalanceWhiteTemperaturePreset", .display = "White Balance Temperature Preset", .address = 0x0013'009C,
              .type = Choice{kLamps}, .tip = "Light source whose temperature BalanceWhiteTemperature has.", .custom = true, .polling_ms = 500},
     .value = kLamp, .locked = temperature_is_not_asked_for, .streamable = false},
    {.info = {.name = "BalanceRatioSelector", .address = 0x0013'0008, .type = Choice{kColours},
              .tip = "Selects the colour of BalanceRatio."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::balance_ratio>},
    {.info = {.name = "BalanceRatio", .display = "White Balance", .address = 0x0013'000C, .type = Real{0, 3.984375, 1.0 / 64},
              .visibility = Visibility::expert, .selector = "BalanceRatioSelector",
              .tip = "Factor that pixels of the selected colour are multiplied with.", .polling_ms = 500},
     .value = kBalanceRatio, .locked = balance_is_automatic},
    {.info = {.name = "Gamma", .address = 0x0013'0010, .type = Real{0.01, 5, 0.01},
              .tip = "Gamma of the tone curve, code^(1/Gamma): above 1 is brighter. Off while LUTEnable is on."},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::gamma>, .locked = lut_takes_the_place_of_gamma},
    {.info = {.name = "Hue", .address = 0x0013'0014, .type = Real{-180, 180, 1, "deg"},
              .tip = "Rotation of all hues. Values other than 0 blur raw formats slightly.", .custom = true},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::hue_deg>},
    {.info = {.name = "Saturation", .address = 0x0013'0018, .type = Real{0, 255, 1},
              .tip = "Colour saturation: 64 is unchanged. Other values blur raw formats slightly.", .custom = true},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::saturation>},
};

}  // namespace emulator::features
