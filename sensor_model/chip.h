#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenes/light/image.h"

namespace sensor_model {

/// Constants of the IMX265 with 12-bit readout: system gain, saturation capacity, dark current, ADC
/// saturation and so on. `chip_keys.h` says of each where it comes from: published, inferred from published
/// numbers, or assumed. Electrons are `e`, digital numbers of 12 bits `dn`.
struct Chip {
    // The array. Fixed: the rest of the camera is built for it.
    int width = scenes::light::kSensor.width, height = scenes::light::kSensor.height;

    // From electrons to digital numbers.
    double pixel_pitch_um = 3.45;
    double gain_dn_per_e = 0.357;    // system gain K at 0 dB
    double analog_gain_db_max = 24;  // above it the codes are multiplied
    double read_noise_before_gain_e =
        1.75;  // with the next: sigma² = before² + (after / G)², G the analog gain
    double read_noise_after_gain_e = 1.16;
    double row_noise_e = 0.12;  // one draw per row and frame

    // Saturation and linearity.
    double saturation_e = 10'400;  // where the variance peaks: the response bends just above
    double full_well_e = 11'500;   // where it ends
    double nonlinearity = 0.003;   // largest relative deviation below saturation

    // Dark signal.
    double dark_current_e_s = 1.5;
    double dark_reference_c = 25;
    double dark_doubling_k = 7;
    double dark_spread = 0.35;  // standard deviation of the logarithm over the pixels

    // Fixed patterns.
    double dsnu_pixel_e = 0.40, dsnu_column_e = 0.10, dsnu_row_e = 0.06;
    double prnu = 0.005;         // all of it, as a part of 1
    double prnu_filter = 0.002;  // the part of it in the colour filters, apart for each colour

    // What photosites get of their neighbours' light.
    double diffusion_red_um = 0.8, diffusion_green_um = 0.6, diffusion_blue_um = 0.45;
    double diffusion_infrared_um = 1.3;
    double crosstalk_red = 0.015, crosstalk_green = 0.012, crosstalk_blue = 0.010;
    double crosstalk_infrared = 3;  // times as much at 850 nm

    // Light that reaches the stored charge.
    double parasitic_light = 1.0 / 60'000;  // at 550 nm
    double parasitic_infrared = 5;          // times as much at 850 nm
    double storage_wait_rows = 10;          // from the end of exposure to the first row read

    // Single pixels. Densities are parts of all pixels.
    double hot_density = 5e-5;
    double hot_e_s_min = 30, hot_e_s_max = 3000;  // at the reference temperature
    double rts_density = 1e-4;
    double rts_e_min = 3, rts_e_max = 8;
    double rts_frames_min = 4, rts_frames_max = 360;
    double dead_density = 5e-7, stuck_density = 5e-7;

    // Timing.
    double line_clock_hz = 74.25e6;
    double clocks_per_column = 0.375, clocks_per_row = 72;
    double columns_per_row_extra = 16;
    double blank_rows = 43;
    double exposure_gap_rows = 10;  // from the end of exposure to the next start, less the next
    double exposure_offset_us = 13.73;

    // Heat.
    double self_heating_k = 12;  // above the housing, in steady state
    double thermal_time_constant_s = 600;
    double warm_at_power_up = 1;  // share of its self-heating that the chip has then
};

inline constexpr int kAdcMaxDn = 4095;

/// Says what is wrong among constants that are right one by one (a minimum above its maximum), or nothing.
[[nodiscard]] std::optional<std::string> contradiction(const Chip&);

}  // namespace sensor_model
