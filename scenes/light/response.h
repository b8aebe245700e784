#pragma once

#include <array>

#include "scenes/light/spectrum.h"

namespace scenes::light {

/// Light beyond it counts as infrared: another focus, and deeper absorption in silicon.
inline constexpr double kInfraredBegins_nm = 700;

/// Spectral response of a pixel of each colour (R, G, B): electrons per second, for 1 W/(m² nm) on the
/// sensor, per nm.
using Response = std::array<Spectrum, 3>;

/// The response of a sensor (QE: electrons per photon) behind a filter and lens of this transmission.
///
/// A photon has the energy hc/λ, so the response is QE · τ · area · λ/(hc).
[[nodiscard]] Response response(const std::array<Spectrum, 3>& quantum_efficiency,
                                const Spectrum& transmission, double pixel_pitch_um);

/// Radiance in W/(sr m² nm), or irradiance in W/(m² nm), as each colour channel sees it: ∫ S · response dλ.
[[nodiscard]] std::array<double, 3> signal(const Spectrum&, const Response&);

/// Radiance of a matt surface: ρ E / π.
[[nodiscard]] Spectrum radiance(const Spectrum& reflectance, const Spectrum& irradiance);

/// The part of each channel's signal that comes from beyond 700 nm; 0 where there is no signal.
[[nodiscard]] std::array<double, 3> infrared_share(const Spectrum&, const Response&);

}  // namespace scenes::light
