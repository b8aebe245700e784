#pragma once

#include <array>

#include "scenes/light/image.h"

namespace scenes::light {

/// A point or direction in two dimensions; the unit is said where it is used.
struct Point {
    double x = 0, y = 0;
    bool operator==(const Point&) const = default;
};

/// Projection: how the lens maps directions in front of the camera onto the sensor.
///
/// Camera coordinates: origin at the front of the lens, x to the right, y down, z forward, in metres.
/// Directions are those of lines through the entrance pupil, which lies behind the front, as their tangents
/// (x/z', y/z'), z' from the pupil. Pixel (0, 0) has its centre at (0.5, 0.5) px.
struct View {
    int width_px = kSensor.width, height_px = kSensor.height;
    double focal_length_px = 0;   // image distance over pixel pitch, breathing included
    double entrance_pupil_m = 0;  // centre of projection, on the axis behind the front
    Point centre_px{1024, 768};   // where the optical axis meets the sensor
    double distortion = 0;        // r_d = r_u (1 + distortion q + distortion_r4 q²), q = (r_u / corner_px)²
    double distortion_r4 = 0;
    double corner_px = 1280;  // half diagonal of the sensor
    /// Of the R, G and B image, about the centre: lateral colour.
    std::array<double, 3> magnification{1, 1, 1};
};

/// The view in units of several pixels instead of pixels; all colours land where green does.
[[nodiscard]] View coarser(const View&, int pixels_per_unit);

/// Where light from a direction lands, for one colour channel (0 R, 1 G, 2 B).
[[nodiscard]] Point pixel_from_tangent(const View&, Point tangent, int channel = 1);

/// The direction that a place on the sensor sees; the inverse of `pixel_from_tangent` to 1e-6 px.
[[nodiscard]] Point tangent_from_pixel(const View&, Point pixel, int channel = 1);

}  // namespace scenes::light
