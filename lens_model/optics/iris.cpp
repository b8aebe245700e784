#include "lens_model/optics/iris.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lens_model/optics/focus.h"
#include "lens_model/optics/zoom.h"

namespace lens_model {

namespace {

constexpr double kIrisMax_steps = 255;

/// Size in the picture over size of the object that is imaged best.
double magnification(const Constants& constants, const State& state) {
    const double from_pupil_m =
        object_distance_m(constants, state) + entrance_pupil_m(constants, state.zoom_steps);
    return 1e-3 * focal_length_mm(constants, state) / from_pupil_m;
}

}  // namespace

double open_f_number(const Constants& constants, double zoom_steps) {
    return constants.f_number_wide *
           std::pow(constants.f_number_tele / constants.f_number_wide, tele_share(zoom_steps));
}

double f_number(const Constants& constants, const State& state) {
    if (iris_is_closed(constants, state)) return constants.f_number_max;
    const double closed = constants.iris_closed_steps;
    return std::min(constants.f_number_max, open_f_number(constants, state.zoom_steps) *
                                                (kIrisMax_steps - closed) / (state.iris_steps - closed));
}

bool iris_is_closed(const Constants& constants, const State& state) {
    return state.iris_steps <= constants.iris_closed_steps;
}

double working_f_number(const Constants& constants, const State& state) {
    const double pupil =
        between(constants.pupil_magnification_wide, constants.pupil_magnification_tele, state.zoom_steps);
    return f_number(constants, state) * (1 + magnification(constants, state) / pupil);
}

double exposure_factor(const Constants& constants, const State& state) {
    State open = state;
    if (iris_is_closed(constants, state)) open.iris_steps = kIrisMax_steps;
    const double f_w = working_f_number(constants, open);
    const double leak = iris_is_closed(constants, state) ? constants.iris_leak : 1;
    return leak * std::numbers::pi / (4 * f_w * f_w);
}

}  // namespace lens_model
