#include "lens_model/optics/focus.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lens_model/data/zoom_table.h"
#include "lens_model/optics/zoom.h"

namespace lens_model {

namespace {

constexpr double kNearest_m = 1e-3;

/// κ f²: how many counts away from infinity an object at one metre is.
double counts_at_one_metre(const Constants& constants, double zoom_steps) {
    const double f_mm = focal_length_at_table_mm(zoom_steps);
    return constants.focus_count_m_per_mm2 * f_mm * f_mm;
}

/// Effective focus position: thermal drift of the barrel included.
double effective_counts(const Constants& constants, const State& state) {
    const double per_k = between(constants.thermal_drift_wide_counts_per_k,
                                 constants.thermal_drift_tele_counts_per_k, state.zoom_steps);
    return state.focus_counts + per_k * (state.temperature_c - constants.thermal_reference_c);
}

double axial_colour_um(const Constants& constants, double zoom_steps, int channel) {
    const double unit_um = 1e3 * focal_length_at_table_mm(zoom_steps) / constants.axial_colour_divisor;
    if (channel == 0) return constants.axial_colour_red * unit_um;
    if (channel == 2) return constants.axial_colour_blue * unit_um;
    return 0;
}

}  // namespace

double infinity_counts(const Constants& constants, double zoom_steps) {
    return constants.focus_infinity_wide_counts +
           (constants.focus_infinity_tele_counts - constants.focus_infinity_wide_counts) * zoom_steps /
               kZoomMax_steps;
}

double counts_for_distance(const Constants& constants, double zoom_steps, double distance_m) {
    return infinity_counts(constants, zoom_steps) -
           counts_at_one_metre(constants, zoom_steps) / std::max(distance_m, kNearest_m);
}

double focused_distance_m(const Constants& constants, const State& state) {
    const double from_infinity =
        infinity_counts(constants, state.zoom_steps) - effective_counts(constants, state);
    if (from_infinity <= 0) return std::numeric_limits<double>::infinity();
    return counts_at_one_metre(constants, state.zoom_steps) / from_infinity;
}

double minimum_distance_m(const Constants& constants, double zoom_steps) {
    return constants.mod_wide_m *
           std::pow(focal_length_at_table_mm(zoom_steps) / data::kFocalLength_mm.front(),
                    constants.mod_exponent);
}

double object_distance_m(const Constants& constants, const State& state) {
    return std::max(focused_distance_m(constants, state), minimum_distance_m(constants, state.zoom_steps));
}

double defocus_um(const Constants& constants, const State& state, double distance_m, int channel,
                  bool infrared) {
    const double counts =
        effective_counts(constants, state) - counts_for_distance(constants, state.zoom_steps, distance_m);
    const double colour_um = infrared ? between(constants.infrared_shift_wide_um,
                                                constants.infrared_shift_tele_um, state.zoom_steps)
                                      : axial_colour_um(constants, state.zoom_steps, channel);
    return constants.defocus_um_per_count * counts + colour_um;
}

double near_blur_um(const Constants& constants, const State& state) {
    const double sharp =
        counts_for_distance(constants, state.zoom_steps, minimum_distance_m(constants, state.zoom_steps));
    return constants.below_mod_blur_um_per_count * std::max(0.0, sharp - effective_counts(constants, state));
}

}  // namespace lens_model
