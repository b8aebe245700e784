#include "scenes/light/view.h"

#include <algorithm>
#include <cmath>

namespace scenes::light {

namespace {

/// Beyond 1.5 corners the polynomial may turn back; a straight line goes on from there, so that a direction
/// far outside the picture stays outside.
constexpr double kPolynomialEnds = 1.5;
constexpr double kSlopeMin = 0.05;
/// The error squares with each step of Newton's method.
constexpr double kConverged = 1e-6;

struct Curve {
    double value, slope;
};

/// Distorted radius over undistorted radius `r`, both in units of the corner.
Curve polynomial(const View& view, double r) {
    const double q = r * r;
    return {r * (1 + q * (view.distortion + q * view.distortion_r4)),
            1 + q * (3 * view.distortion + 5 * q * view.distortion_r4)};
}

Curve distorted(const View& view, double r) {
    if (r <= kPolynomialEnds) return polynomial(view, r);
    const Curve end = polynomial(view, kPolynomialEnds);
    const double slope = std::max(kSlopeMin, end.slope);
    return {end.value + slope * (r - kPolynomialEnds), slope};
}

/// Newton's method; it converges at once, because the curve is smooth and rises.
double undistorted(const View& view, double wanted) {
    double r = wanted;
    for (int i = 0; i < 20; ++i) {
        const Curve at = distorted(view, r);
        const double step = (wanted - at.value) / std::max(kSlopeMin, at.slope);
        r = std::clamp(r + step, 0.0, 2 * r + 1);
        if (std::abs(step) < kConverged) break;
    }
    return r;
}

}  // namespace

View coarser(const View& view, int pixels_per_unit) {
    const double n = pixels_per_unit;
    View result = view;
    result.width_px = static_cast<int>(std::ceil(view.width_px / n));
    result.height_px = static_cast<int>(std::ceil(view.height_px / n));
    result.focal_length_px /= n;
    result.centre_px = {view.centre_px.x / n, view.centre_px.y / n};
    result.corner_px /= n;
    result.magnification.fill(view.magnification[1]);
    return result;
}

Point pixel_from_tangent(const View& view, Point tangent, int channel) {
    const double x_px = view.focal_length_px * tangent.x, y_px = view.focal_length_px * tangent.y;
    const double r = std::sqrt(x_px * x_px + y_px * y_px) / view.corner_px;
    const double stretch = r > 0 ? distorted(view, r).value / r : 1;
    const double scale = stretch * view.magnification[static_cast<std::size_t>(channel)];
    return {view.centre_px.x + scale * x_px, view.centre_px.y + scale * y_px};
}

Point tangent_from_pixel(const View& view, Point pixel, int channel) {
    const double magnification = view.magnification[static_cast<std::size_t>(channel)];
    const double x_px = (pixel.x - view.centre_px.x) / magnification;
    const double y_px = (pixel.y - view.centre_px.y) / magnification;
    const double r = std::sqrt(x_px * x_px + y_px * y_px) / view.corner_px;
    const double shrink = r > 0 ? undistorted(view, r) / r : 1;
    return {shrink * x_px / view.focal_length_px, shrink * y_px / view.focal_length_px};
}

}  // namespace scenes::light
