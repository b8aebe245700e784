#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "scenes/light/spectrum.h"

namespace scenes::light {

/// Planck's law, 1 at 560 nm.
[[nodiscard]] Spectrum blackbody(double temperature_k);

/// Daylight of a correlated colour temperature (CIE 15, 4000 .. 25 000 K), 1 at 560 nm.
///
/// The CIE basis ends at 830 nm; beyond, the sun goes on as a black body of 5800 K with the water band at 945
/// nm.
[[nodiscard]] Spectrum cie_d(double temperature_k);

/// A narrow-band diode: a Gaussian of this full width at half maximum, 1 at its peak.
[[nodiscard]] Spectrum led(double peak_nm, double width_nm);

/// Names of `illuminant`: A, D50, D55, D65, D75, E, FL2, FL7, FL11, HP1, HP2, LED-B1 .. LED-B5, LED-RGB1,
/// IR850.
[[nodiscard]] std::span<const std::string_view> illuminant_names();

/// A named light in relative power: scale it with `normalised_to_lux` (IR850 with `normalised_to_w_m2`).
[[nodiscard]] std::optional<Spectrum> illuminant(std::string_view name);

}  // namespace scenes::light
