#include "lens_model/optics/vignetting.h"

#include <algorithm>
#include <cmath>

#include "lens_model/optics/iris.h"
#include "lens_model/optics/zoom.h"

namespace lens_model {

Vignetting::Vignetting(const Constants& constants, const State& state) {
    const scenes::light::View sensor;
    const double f_px = 1e3 * focal_length_mm(constants, state) / kPixelPitch_um;
    corner_tangent_ = sensor.corner_px / f_px;
    const double stops =
        2 * std::log2(f_number(constants, state) / open_f_number(constants, state.zoom_steps));
    const double open_corner =
        between(constants.vignetting_wide, constants.vignetting_tele, state.zoom_steps);
    cut_ = (1 - open_corner) * std::clamp(1 - stops / constants.vignetting_clear_stops, 0.0, 1.0);
}

double Vignetting::at(double field) const {
    const double tangent = field * corner_tangent_, squared = field * field;
    return std::max(0.0, 1 - cut_ * squared * squared) / (1 + tangent * tangent);
}

double relative_illumination(const Constants& constants, const State& state, double field) {
    return Vignetting(constants, state).at(field);
}

double mean_relative_illumination(const Constants& constants, const State& state) {
    const scenes::light::View sensor;
    const Vignetting vignetting(constants, state);
    constexpr int kColumns = 16, kRows = 12;
    double sum = 0;
    for (int y = 0; y < kRows; ++y) {
        for (int x = 0; x < kColumns; ++x) {
            const double dx = (x + 0.5) / kColumns - 0.5, dy = (y + 0.5) / kRows - 0.5;
            const double radius_px = std::hypot(dx * sensor.width_px, dy * sensor.height_px);
            sum += vignetting.at(radius_px / sensor.corner_px);
        }
    }
    return sum / (kColumns * kRows);
}

double veiling_glare(const Constants& constants, const State& state) {
    return between(constants.glare_wide, constants.glare_tele, state.zoom_steps);
}

}  // namespace lens_model
