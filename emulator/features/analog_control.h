#pragma once

#include "emulator/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kColours[] = {{"Red", 0}, {"Green", 1}, {"Blue", 2}};

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

/// Amplification and offset at the sensor, colour balance and tone (manual 5.2.2, 5.2.3, 5.9.3, 5.10.1, 5.11).
inline constexpr Feature kAnalogControl[] = {
    {.info = {.name = "Gain", .address = 0x0013'0000, .type = Real{0, 48, 0.1, "dB"},
              .tip = "Amplification at the sensor; digital above 24 dB."},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::gain_db>},
    {.info = {.name = "BlackLevel", .display = "Black Level", .address = 0x0013'0004, .type = Real{0, 4095, 1},
              .tip = "Code of 12 bits that darkness has."},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::black_level_dn>},
    {.info = {.name = "BalanceRatioSelector", .address = 0x0013'0008, .type = Choice{kColours},
              .tip = "Colour that BalanceRatio is about."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::balance_ratio>},
    {.info = {.name = "BalanceRatio", .display = "White Balance", .address = 0x0013'000C, .type = Real{0, 3.984375, 1.0 / 64},
              .selector = "BalanceRatioSelector", .tip = "Factor that pixels of the selected colour are multiplied with."},
     .value = kBalanceRatio},
    {.info = {.name = "Gamma", .address = 0x0013'0010, .type = Real{0.01, 5, 0.01},
              .tip = "Exponent's inverse of the tone curve: above 1 is brighter. The lookup table takes its place."},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::gamma>, .locked = lut_takes_the_place_of_gamma},
    {.info = {.name = "Hue", .address = 0x0013'0014, .type = Real{-180, 180, 1, "deg"},
              .tip = "Angle by which all colours are turned. Off 0, raw formats are blurred a little."},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::hue_deg>},
    {.info = {.name = "Saturation", .address = 0x0013'0018, .type = Real{0, 255, 1},
              .tip = "Strength of colours: 64 leaves them as they are. Off 64, raw formats are blurred a little."},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::saturation>},
};

}  // namespace emulator::features
