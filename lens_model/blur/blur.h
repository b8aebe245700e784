#pragma once

#include "lens_model/lens.h"
#include "lens_model/optics/constants.h"

namespace lens_model {

/// Blur at one place of the field, in one colour: diffraction, defocus disc (from which depth of field
/// follows) and aberrations. Lengths on the sensor.
struct Blur {
    double disc_um = 0;     // diameter of the defocus disc
    double sigma_um = 0;    // residual aberrations, as a Gaussian
    double f_number = 1.5;  // of the image side (iris.h), for diffraction
    double wavelength_nm = 550;
    bool operator==(const Blur&) const = default;
};

/// `field` is the distance from the axis, 1 in the corner; `channel` is 0 R, 1 G or 2 B; `infrared` is for
/// the light beyond 700 nm that reaches the channel.
[[nodiscard]] Blur blur(const Constants&, const State&, double distance_m, double field, int channel,
                        bool infrared = false);

/// Modulation transfer functions (MTF) at a spatial frequency, signed: the lens has the product of
/// diffraction, defocus disc and residual blur.
[[nodiscard]] double diffraction_mtf(double f_number, double wavelength_nm, double frequency_lp_per_mm);
[[nodiscard]] double disc_mtf(double diameter_um, double frequency_lp_per_mm);
[[nodiscard]] double gaussian_mtf(double sigma_um, double frequency_lp_per_mm);

/// The standard deviation along one axis of a Gaussian that is about as wide.
[[nodiscard]] double equivalent_sigma_um(const Blur&);

/// Radius of the point spread beyond which light is negligible.
[[nodiscard]] double reach_um(const Blur&);

}  // namespace lens_model
