#pragma once

#include <algorithm>

#include "scenes/light/spectrum.h"

namespace support {

/// The value of a spectrum at any wavelength, by straight lines.
[[nodiscard]] inline double at(const scenes::light::Spectrum& spectrum, double wavelength_nm) {
    const double place =
        (wavelength_nm - scenes::light::kFirstWavelength_nm) / scenes::light::kWavelengthStep_nm;
    const int i = std::clamp(static_cast<int>(place), 0, scenes::light::kWavelengths - 2);
    return spectrum[i] + (place - i) * (spectrum[i + 1] - spectrum[i]);
}

}  // namespace support
