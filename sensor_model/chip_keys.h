#pragma once

#include <string_view>

#include "sensor_model/chip.h"

namespace sensor_model {

/// How well a constant is known.
enum class Basis { published, inferred, assumed };

/// One constant of `Chip` as a profile may set it.
struct ChipKey {
    std::string_view key;
    double Chip::*member;
    std::string_view unit;
    double min, max;
    Basis basis;
    std::string_view source;
};

// clang-format off
inline constexpr ChipKey kChipKeys[] = {
    {"pixel_pitch_um", &Chip::pixel_pitch_um, "um", 0.5, 50, Basis::published, "Sony IMX265 product page; camera manual"},
    {"gain_dn_per_e", &Chip::gain_dn_per_e, "DN/e-", 0.001, 10, Basis::inferred, "2.72 to 2.88 e-/DN12 of IMX250/252/264 in FLIR's EMVA 1288 tables"},
    {"analog_gain_db_max", &Chip::analog_gain_db_max, "dB", 0, 48, Basis::published, "Sony feature list: analog 0 to 24 dB, digital above"},
    {"read_noise_before_gain_e", &Chip::read_noise_before_gain_e, "e-", 1.5, 100, Basis::assumed, "with the next it makes 2.1 e- at 0 dB; below 1.5 the skewness of dim pixels is no longer right"},
    {"read_noise_after_gain_e", &Chip::read_noise_after_gain_e, "e-", 0, 100, Basis::inferred, "2.1 e- in all, published for the IMX265 by Allied Vision (Alvium 1800 C-319)"},
    {"row_noise_e", &Chip::row_noise_e, "e-", 0, 100, Basis::assumed, "below a tenth of dark noise, where rows become invisible"},
    {"saturation_e", &Chip::saturation_e, "e-", 100, 1e6, Basis::published, "EMVA saturation capacity of the Alvium 1800 C-319"},
    {"full_well_e", &Chip::full_well_e, "e-", 100, 1e6, Basis::assumed, "a tenth above saturation"},
    {"nonlinearity", &Chip::nonlinearity, "1", 0, 0.02, Basis::assumed, "usual linearity error of the sensor family"},
    {"dark_current_e_s", &Chip::dark_current_e_s, "e-/s", 0, 1e5, Basis::assumed, "0.5 to 4 is plausible for a 3.45 um pinned photodiode"},
    {"dark_reference_c", &Chip::dark_reference_c, "deg C", -40, 100, Basis::assumed, "where the dark current above holds"},
    {"dark_doubling_k", &Chip::dark_doubling_k, "K", 3, 20, Basis::published, "Adimec on the IMX265: 5 to 8 K, 7 K typical"},
    {"dark_spread", &Chip::dark_spread, "1", 0, 0.5, Basis::assumed, "log-normal, as of other CMOS sensors"},
    {"dsnu_pixel_e", &Chip::dsnu_pixel_e, "e-", 0, 100, Basis::assumed, "0.42 e- with columns and rows"},
    {"dsnu_column_e", &Chip::dsnu_column_e, "e-", 0, 100, Basis::assumed, "what correlated double sampling leaves"},
    {"dsnu_row_e", &Chip::dsnu_row_e, "e-", 0, 100, Basis::assumed, "what correlated double sampling leaves"},
    {"prnu", &Chip::prnu, "1", 0, 0.1, Basis::assumed, "0.4 to 0.6 % is typical of the sensor family"},
    {"prnu_filter", &Chip::prnu_filter, "1", 0, 0.1, Basis::assumed, "thickness of the colour filters"},
    {"diffusion_red_um", &Chip::diffusion_red_um, "um", 0, 3, Basis::assumed, "of charge, standard deviation at 650 nm; long waves are absorbed deeper"},
    {"diffusion_green_um", &Chip::diffusion_green_um, "um", 0, 3, Basis::assumed, "of charge, standard deviation at 550 nm"},
    {"diffusion_blue_um", &Chip::diffusion_blue_um, "um", 0, 3, Basis::assumed, "of charge, standard deviation at 450 nm"},
    {"diffusion_infrared_um", &Chip::diffusion_infrared_um, "um", 0, 3, Basis::assumed, "of charge, standard deviation at 850 nm; holds beyond 700 nm"},
    {"crosstalk_red", &Chip::crosstalk_red, "1", 0, 0.1, Basis::assumed, "of a red pixel's light, to each of four neighbours; published efficiencies include it"},
    {"crosstalk_green", &Chip::crosstalk_green, "1", 0, 0.1, Basis::assumed, "of a green pixel's light, to each of four neighbours"},
    {"crosstalk_blue", &Chip::crosstalk_blue, "1", 0, 0.1, Basis::assumed, "of a blue pixel's light, to each of four neighbours"},
    {"crosstalk_infrared", &Chip::crosstalk_infrared, "1", 1, 10, Basis::assumed, "times as much at 850 nm; holds beyond 700 nm"},
    {"parasitic_light", &Chip::parasitic_light, "1", 0, 1e-2, Basis::assumed, "global-shutter pixels of this generation"},
    {"parasitic_infrared", &Chip::parasitic_infrared, "1", 1, 100, Basis::assumed, "long waves go below the shield of the storage"},
    {"storage_wait_rows", &Chip::storage_wait_rows, "rows", 0, 1000, Basis::inferred, "minimum from end to start of exposure of the Genie Nano (IMX250)"},
    {"hot_density", &Chip::hot_density, "1", 0, 0.01, Basis::assumed, "about 157 pixels"},
    {"hot_e_s_min", &Chip::hot_e_s_min, "e-/s", 1, 1e6, Basis::assumed, "log-uniform between the two"},
    {"hot_e_s_max", &Chip::hot_e_s_max, "e-/s", 1, 1e6, Basis::assumed, "log-uniform between the two"},
    {"rts_density", &Chip::rts_density, "1", 0, 0.01, Basis::assumed, "about 315 pixels"},
    {"rts_e_min", &Chip::rts_e_min, "e-", 0, 1000, Basis::assumed, "plus and minus, uniform between the two"},
    {"rts_e_max", &Chip::rts_e_max, "e-", 0, 1000, Basis::assumed, "plus and minus, uniform between the two"},
    {"rts_frames_min", &Chip::rts_frames_min, "frames", 1, 1e4, Basis::assumed, "log-uniform between the two: 0.1 to 10 s at 36 frames/s"},
    {"rts_frames_max", &Chip::rts_frames_max, "frames", 1, 1e4, Basis::assumed, "log-uniform between the two: 0.1 to 10 s at 36 frames/s"},
    {"dead_density", &Chip::dead_density, "1", 0, 0.01, Basis::assumed, "one or two pixels"},
    {"stuck_density", &Chip::stuck_density, "1", 0, 0.01, Basis::assumed, "one or two pixels"},
    {"line_clock_hz", &Chip::line_clock_hz, "Hz", 1e6, 1e9, Basis::published, "Vision Components' MIPI driver for this sensor"},
    {"clocks_per_column", &Chip::clocks_per_column, "clocks", 0.01, 10, Basis::inferred, "846 clocks for 2064 columns, 996 for 2464, in the same driver"},
    {"clocks_per_row", &Chip::clocks_per_row, "clocks", 0, 10'000, Basis::inferred, "846 clocks for 2064 columns, 996 for 2464, in the same driver"},
    {"columns_per_row_extra", &Chip::columns_per_row_extra, "columns", 0, 1000, Basis::inferred, "2064 columns are read for 2048"},
    {"blank_rows", &Chip::blank_rows, "rows", 0, 1000, Basis::inferred, "55.6 frames/s of 1536 rows, published by Sony"},
    {"exposure_gap_rows", &Chip::exposure_gap_rows, "rows", 0, 1000, Basis::inferred, "Genie Nano manual (IMX250)"},
    {"exposure_offset_us", &Chip::exposure_offset_us, "us", 0, 1000, Basis::inferred, "Genie Nano manual (IMX250)"},
    {"self_heating_k", &Chip::self_heating_k, "K", 0, 60, Basis::assumed, "small GigE cameras"},
    {"thermal_time_constant_s", &Chip::thermal_time_constant_s, "s", 1, 1e5, Basis::assumed, "ten minutes, small metal housings"},
    {"warm_at_power_up", &Chip::warm_at_power_up, "1", 0, 1, Basis::assumed, "1: it has been on for long, so that frames do not depend on when they are taken; 0: it is cold"},
};
// clang-format on

}  // namespace sensor_model
