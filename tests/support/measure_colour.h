#pragma once

#include <array>

#include "scenes/light/spectrum.h"

/// Colorimetry: CIE 1931 observer, D65, CIELAB, CIEDE2000.
namespace measure {

using Three = std::array<double, 3>;

/// Tristimulus values of a surface under a light, Y of a perfect white being 1.
[[nodiscard]] Three xyz_of(const scenes::light::Spectrum& reflectance, const scenes::light::Spectrum& light);

/// Linear sRGB to XYZ (IEC 61966-2-1), and XYZ to CIELAB, both for a white of D65.
[[nodiscard]] Three xyz_from_srgb(const Three& linear);
[[nodiscard]] Three lab_from_xyz(const Three& xyz);

/// The CIE's colour difference of the year 2000 (Sharma, Wu and Dalal 2005).
[[nodiscard]] double ciede2000(const Three& lab_1, const Three& lab_2);

}  // namespace measure
