#pragma once

#include <span>
#include <string_view>

namespace lens_model {

/// Wavelength that represents infrared light without the cut filter (assumed).
inline constexpr double kInfrared_nm = 850;

/// Lens constants, each to be calibrated on a real unit. "Wide" and "tele" are the ends of the zoom; between
/// them a constant goes linearly with the logarithm of the focal length. What each means stands in its row.
struct Constants {
    // zoom
    double entrance_pupil_wide_m = 0.04, entrance_pupil_tele_m = 0.39;
    double breathing = 0.5;
    double boresight_x_px = 8, boresight_y_px = 5, boresight_wobble_px = 1, boresight_phase_rad = 0;
    // iris
    double f_number_wide = 1.5, f_number_tele = 3.4, f_number_max = 22;
    double iris_closed_steps = 32, iris_leak = 1e-5;
    double pupil_magnification_wide = 0.6, pupil_magnification_tele = 1.8;
    // focus
    double defocus_um_per_count = 1.4714, focus_count_m_per_mm2 = 0.67962;
    double focus_infinity_wide_counts = 9990, focus_infinity_tele_counts = 9900;
    double mod_wide_m = 0.010, mod_exponent = 1.5685;
    double below_mod_blur_um_per_count = 0.01;
    double thermal_drift_wide_counts_per_k = 0.5, thermal_drift_tele_counts_per_k = 3,
           thermal_reference_c = 25;
    double infrared_shift_wide_um = 20, infrared_shift_tele_um = 180;
    double axial_colour_divisor = 2000, axial_colour_red = 0.65, axial_colour_blue = -0.75;
    // blur
    double wavelength_red_nm = 600, wavelength_green_nm = 550, wavelength_blue_nm = 460;
    double residual_centre_um = 1.5, residual_centre_tele_um = 0.9;
    double residual_corner_um = 1.6, residual_corner_tele_um = 1.2;
    double residual_stop_exponent = 0.7, residual_floor_um = 0.5;
    // geometry
    double distortion_offset = 0.021, distortion_wide = -0.118, distortion_r4_share_wide = 0.10;
    double lateral_red_wide_px = -1.2, lateral_red_tele_px = 1.0;
    double lateral_blue_wide_px = 1.5, lateral_blue_tele_px = -1.5;
    // relative illumination and stray light
    double vignetting_wide = 0.72, vignetting_tele = 0.50, vignetting_clear_stops = 2;
    double glare_wide = 0.015, glare_tele = 0.025;
    // flare of bright lamps
    double iris_blades = 7, iris_blade_angle_deg = 7, ghost_strength = 1;
    // infrared cut filter
    double ir_cut_peak = 0.95, ir_cut_red_edge_nm = 650, ir_cut_red_width_nm = 6;
    double ir_cut_blue_edge_nm = 395, ir_cut_blue_width_nm = 4, ir_cut_leak = 0.003, ir_cut_blade_shade = 0.4;
    // motors
    double zoom_speed_per_s = 250, zoom_ramp_s = 0.06, zoom_backlash = 2, zoom_repeatability = 0.5;
    double focus_speed_per_s = 3333.3, focus_ramp_s = 0.06, focus_backlash = 12, focus_repeatability = 2;
    double iris_speed_per_s = 510, iris_ramp_s = 0.02;
    double ir_cut_travel_s = 0.3;

    bool operator==(const Constants&) const = default;
};

enum class Basis { published, inferred, assumed };

/// One key of the camera profile.
struct Constant {
    std::string_view key;
    double Constants::*member;
    std::string_view unit;
    double min, max;
    Basis basis;
    std::string_view source;
};

/// All constants, in the order of the struct.
[[nodiscard]] std::span<const Constant> constants();

}  // namespace lens_model
