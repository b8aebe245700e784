#include "lens_model/optics/zoom.h"

#include <algorithm>
#include <cmath>

#include "lens_model/data/zoom_table.h"
#include "lens_model/optics/focus.h"

namespace lens_model {

namespace {

constexpr std::size_t kPoints = data::kFocalLength_mm.size();

double log_f(std::size_t i) { return std::log(data::kFocalLength_mm[i]); }

/// Slope of the piecewise cubic at a point, per table step (Fritsch and Carlson 1980): the harmonic mean of
/// its neighbours' slopes, so that the curve never overshoots.
double slope(std::size_t i) {
    if (i == 0) return std::max(0.0, 1.5 * (log_f(1) - log_f(0)) - 0.5 * (log_f(2) - log_f(1)));
    if (i == kPoints - 1) {
        return std::max(0.0, 1.5 * (log_f(i) - log_f(i - 1)) - 0.5 * (log_f(i - 1) - log_f(i - 2)));
    }
    const double before = log_f(i) - log_f(i - 1), after = log_f(i + 1) - log_f(i);
    return before * after <= 0 ? 0 : 2 * before * after / (before + after);
}

}  // namespace

double focal_length_at_table_mm(double zoom_steps) {
    const double place = std::clamp(zoom_steps, 0.0, kZoomMax_steps) / data::kZoomTableStep;
    const auto i = std::min(static_cast<std::size_t>(place), kPoints - 2);
    const double t = place - static_cast<double>(i);
    if (t == 0) return data::kFocalLength_mm[i];
    if (t == 1) return data::kFocalLength_mm[i + 1];
    const double u = 1 - t;
    return std::exp(u * u * (1 + 2 * t) * log_f(i) + t * t * (1 + 2 * u) * log_f(i + 1) +
                    u * u * t * slope(i) - t * t * u * slope(i + 1));
}

double entrance_pupil_m(const Constants& constants, double zoom_steps) {
    return between(constants.entrance_pupil_wide_m, constants.entrance_pupil_tele_m, zoom_steps);
}

double focal_length_at_infinity_mm(const Constants& constants, double zoom_steps) {
    const double at_table_mm = focal_length_at_table_mm(zoom_steps) *
                               (1 + entrance_pupil_m(constants, zoom_steps) / data::kZoomTableDistance_m);
    return at_table_mm / (1 - constants.breathing * 1e-3 * at_table_mm / data::kZoomTableDistance_m);
}

double tele_share(double zoom_steps) {
    return std::log(focal_length_at_table_mm(zoom_steps) / data::kFocalLength_mm.front()) /
           std::log(data::kFocalLength_mm.back() / data::kFocalLength_mm.front());
}

double between(double wide, double tele, double zoom_steps) {
    return wide + (tele - wide) * tele_share(zoom_steps);
}

double focal_length_mm(const Constants& constants, const State& state) {
    const double at_infinity_mm = focal_length_at_infinity_mm(constants, state.zoom_steps);
    return at_infinity_mm /
           (1 + constants.breathing * 1e-3 * at_infinity_mm / object_distance_m(constants, state));
}

scenes::light::Point boresight_px(const Constants& constants, double zoom_steps) {
    const double w = tele_share(zoom_steps), along = 2 * w - 1;
    const double wobble = constants.boresight_wobble_px, phase = constants.boresight_phase_rad;
    return {constants.boresight_x_px * along + wobble * std::sin(19 * w + phase),
            constants.boresight_y_px * along + wobble * std::sin(23 * w + 2 * phase + 1)};
}

}  // namespace lens_model
