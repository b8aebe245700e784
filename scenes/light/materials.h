#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "scenes/light/spectrum.h"

namespace scenes::light {

/// The 24 patches of the ColorChecker chart, by row from dark skin to black, measured 380 .. 730 nm; held
/// beyond.
[[nodiscard]] Spectrum colour_checker(int patch);
[[nodiscard]] std::span<const std::string_view> colour_checker_names();

/// Names of `material`: paints, paper, ink, metals, plastics, a circuit board, a leaf.
[[nodiscard]] std::span<const std::string_view> material_names();

/// The diffuse reflectance of a named material.
[[nodiscard]] std::optional<Spectrum> material(std::string_view name);

/// Three smooth reflectances whose sum is 1: weighted with linear sRGB (0 .. 1), they have that colour under
/// D65.
[[nodiscard]] const std::array<Spectrum, 3>& srgb_basis();

/// The sRGB transfer function undone: 0 .. 1 to linear light.
[[nodiscard]] double linear_from_srgb(double encoded);

/// A smooth reflectance with this sRGB colour (0 .. 1 each, gamma-encoded).
[[nodiscard]] Spectrum reflectance_from_srgb(std::array<double, 3> encoded);

}  // namespace scenes::light
