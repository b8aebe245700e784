#pragma once

#include <array>

namespace lens_model::data {

// Focal length by zoom setting, 0 to 1000 by 50: that of the field of view at 2.5 m (manual, section 6.2).
inline constexpr double kZoomTableStep = 50;
inline constexpr double kZoomTableDistance_m = 2.5;
inline constexpr std::array<double, 21> kFocalLength_mm = {6.5,  7.2,  7.9,  8.9,  9.6,  10.5, 11.8,
                                                           13.2, 14.7, 17.7, 19.0, 22.0, 25.5, 30.7,
                                                           36.2, 44.2, 53.4, 64.9, 79.2, 91.3, 114.5};

}  // namespace lens_model::data
