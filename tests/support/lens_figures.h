#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lens_model/blur/blur.h"
#include "lens_model/lens.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"

/// Figures of a lens that tests compare pictures with, or set it by.
namespace lens_figures {

/// The lens at a zoom, in focus at a distance.
[[nodiscard]] inline lens_model::State focused(double zoom_steps, double distance_m) {
    lens_model::State state;
    state.zoom_steps = zoom_steps;
    state.focus_counts = lens_model::counts_for_distance({}, zoom_steps, distance_m);
    return state;
}

/// The iris setting that gives this F-number.
[[nodiscard]] inline double iris_for_f_number(const lens_model::Constants& constants, double zoom_steps,
                                              double f_number) {
    constexpr double kOpen_steps = 255;
    const double closed = constants.iris_closed_steps;
    const double open = lens_model::open_f_number(constants, zoom_steps);
    return closed + (kOpen_steps - closed) * std::min(1.0, open / f_number);
}

/// MTF at a spatial frequency: diffraction x defocus disc x residual blur. Signed.
[[nodiscard]] inline double mtf(const lens_model::Blur& blur, double lp_per_mm) {
    return lens_model::diffraction_mtf(blur.f_number, blur.wavelength_nm, lp_per_mm) *
           lens_model::disc_mtf(blur.disc_um, lp_per_mm) * lens_model::gaussian_mtf(blur.sigma_um, lp_per_mm);
}

/// Contrast that a square pixel leaves along one axis: sinc. The image has it from averaging samples.
[[nodiscard]] inline double pixel_mtf(double lp_per_mm) {
    const double x = std::numbers::pi * lens_model::kPixelPitch_um * 1e-3 * lp_per_mm;
    return x == 0 ? 1 : std::sin(x) / x;
}

}  // namespace lens_figures
