#include "lens_model/blur/blur.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "lens_model/optics/zoom.h"

namespace lens_model {

namespace {

using std::numbers::pi;

/// Bessel function of the first kind and first order over its argument, for x >= 0; 1/2 at zero.
/// Abramowitz and Stegun, 9.4.4 and 9.4.6: good to 1e-8.
double j1_over_x(double x) {
    if (x <= 3) {
        const double t = (x / 3) * (x / 3);
        return 0.5 + t * (-0.56249985 +
                          t * (0.21093573 +
                               t * (-0.03954289 + t * (0.00443319 + t * (-0.00031761 + t * 0.00001109)))));
    }
    const double t = 3 / x;
    const double amplitude =
        0.79788456 +
        t * (0.00000156 +
             t * (0.01659667 + t * (0.00017105 + t * (-0.00249511 + t * (0.00113653 + t * -0.00020033)))));
    const double angle =
        x - 2.35619449 +
        t * (0.12499612 +
             t * (0.00005650 + t * (-0.00637879 + t * (0.00074348 + t * (0.00079824 + t * -0.00029166)))));
    return amplitude * std::cos(angle) / (x * std::sqrt(x));
}

double residual_sigma_um(const Constants& c, const State& state, double field) {
    const double w = tele_share(state.zoom_steps);
    const double open = c.residual_centre_um + c.residual_centre_tele_um * w +
                        (c.residual_corner_um + c.residual_corner_tele_um * w) * field * field;
    const double stopped = open_f_number(c, state.zoom_steps) / f_number(c, state);
    return open * std::pow(stopped, c.residual_stop_exponent) + c.residual_floor_um;
}

double wavelength_of(const Constants& c, int channel) {
    if (channel == 0) return c.wavelength_red_nm;
    return channel == 1 ? c.wavelength_green_nm : c.wavelength_blue_nm;
}

}  // namespace

Blur blur(const Constants& constants, const State& state, double distance_m, double field, int channel,
          bool infrared) {
    const double f_w = working_f_number(constants, state);
    const double off_um = std::abs(defocus_um(constants, state, distance_m, channel, infrared));
    // Spherical aberration below the MOD has the second moment of a disc.
    const double near_um = near_blur_um(constants, state) / 4;
    return {off_um / f_w, std::hypot(residual_sigma_um(constants, state, field), near_um), f_w,
            infrared ? kInfrared_nm : wavelength_of(constants, channel)};
}

/// Diffraction MTF of a circular pupil without aberrations: the overlap of two shifted discs.
double diffraction_mtf(double f_number, double wavelength_nm, double frequency_lp_per_mm) {
    const double s = frequency_lp_per_mm * wavelength_nm * 1e-6 * f_number;
    return s >= 1 ? 0 : 2 / pi * (std::acos(s) - s * std::sqrt(1 - s * s));
}

double disc_mtf(double diameter_um, double frequency_lp_per_mm) {
    return 2 * j1_over_x(pi * diameter_um * 1e-3 * frequency_lp_per_mm);
}

double gaussian_mtf(double sigma_um, double frequency_lp_per_mm) {
    const double phase = 2 * pi * sigma_um * 1e-3 * frequency_lp_per_mm;
    return std::exp(-phase * phase / 2);
}

/// A disc has the variance d²/16 along an axis. The Airy pattern has none that is finite; 0.42 λF fits its
/// core.
double equivalent_sigma_um(const Blur& blur) {
    const double airy_um = 0.42 * blur.wavelength_nm * 1e-3 * blur.f_number;
    return std::sqrt(blur.disc_um * blur.disc_um / 16 + blur.sigma_um * blur.sigma_um + airy_um * airy_um);
}

double reach_um(const Blur& blur) {
    const double airy_um = blur.wavelength_nm * 1e-3 * blur.f_number;
    return blur.disc_um / 2 + 4 * blur.sigma_um + 6 * airy_um;
}

}  // namespace lens_model
