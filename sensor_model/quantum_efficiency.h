#pragma once

namespace sensor_model {

/// Range of the table; the efficiency is 0 outside.
inline constexpr double kWavelength_nm_min = 380, kWavelength_nm_max = 1100;

/// Quantum efficiency: electrons per photon at a pixel of this colour (0 R, 1 G, 2 B), straight lines between
/// the points every 5 nm. Neither the IR-cut filter nor the glass of the lens is in it.
[[nodiscard]] double quantum_efficiency(int colour, double wavelength_nm);

}  // namespace sensor_model
