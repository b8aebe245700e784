#pragma once

#include <array>

namespace scenes::light::data {

// Three reflectances that add up to 1, 380 .. 780 nm by 10 nm: the smoothest ones (least squared slope,
// nothing negative) that have exactly the colours of the sRGB primaries under D65 for the CIE 1931
// observer. Computed by quadratic programming; the idea is Mallett and Yuksel, "Spectral primary
// decomposition" (EGSR 2019).
inline constexpr std::array<double, 41> kRedBasis = {
    0.02489, 0.02488, 0.02483, 0.02462, 0.02387, 0.02183, 0.01891, 0.01916, 0.03185, 0.0128, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0.02227, 0.21097, 0.47647, 0.73367, 0.91907, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1,
};
inline constexpr std::array<double, 41> kGreenBasis = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0.11535, 0.3005, 0.5096, 0.71341, 0.8822, 0.98595, 1, 1, 1, 1, 0.93224,
    0.73788, 0.48887, 0.25303, 0.08093, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
inline constexpr std::array<double, 41> kBlueBasis = {
    0.97511, 0.97512, 0.97517, 0.97538, 0.97613, 0.97817, 0.98109, 0.98084, 0.96815, 0.87185, 0.6995,
    0.4904, 0.28659, 0.1178, 0.01405, 0, 0, 0, 0, 0.04549, 0.05116, 0.03467, 0.0133, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

}  // namespace scenes::light::data
