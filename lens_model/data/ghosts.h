#pragma once

#include <array>

namespace lens_model::data {

/// Ghost: light reflected at two surfaces, an image of the iris on the sensor, mirrored through the axis.
struct Ghost {
    double mirrored;   // distance from the axis over that of the lamp
    double radius_px;  // of the open iris
    double share;      // of the lamp's light
    double tint[3];    // R, G, B: what the coatings leave
};

// Assumed: two of many, of a coated zoom lens (0.4 % per surface).
inline constexpr std::array<Ghost, 2> kGhosts{
    {{0.85, 70, 6e-5, {0.7, 1.1, 0.9}}, {0.4, 150, 1e-4, {1.1, 0.8, 1.2}}}};

}  // namespace lens_model::data
