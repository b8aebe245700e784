#pragma once

#include "emulator/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

/// Amplification and offset at the sensor (manual 5.2.2, 5.2.3).
inline constexpr Feature kAnalogControl[] = {
    {.info = {.name = "Gain", .address = 0x0013'0000, .type = Real{0, 48, 0.1, "dB"},
              .tip = "Amplification at the sensor; digital above 24 dB."},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::gain_db>},
    {.info = {.name = "BlackLevel", .display = "Black Level", .address = 0x0013'0004, .type = Real{0, 4095, 1},
              .tip = "Code of 12 bits that darkness has."},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::black_level_dn>},
};

}  // namespace emulator::features
