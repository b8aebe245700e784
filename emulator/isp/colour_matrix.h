#pragma once

#include <array>
#include <cstdint>

#include "emulator/isp/kernels/stages.h"

namespace emulator::isp {

/// Colour matrix: nine coefficients in 1/16, -63..63, by rows: what red, green and blue contribute to red,
/// and so on.
using Coefficients = std::array<std::int8_t, 9>;

/// Between the best matrices for daylight of 5000 and 6500 K behind this sensor and lens. The rows add up to
/// 1, so that grey stays grey (assumed: the maker's own figures are not published).
inline constexpr Coefficients kFactoryCoefficients{25, -7, -2, -5, 27, -6, 1, -9, 24};

[[nodiscard]] Matrix colour_matrix(const Coefficients& coefficients_16);

}  // namespace emulator::isp
