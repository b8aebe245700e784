#include <doctest/doctest.h>

#include <cmath>

#include "scenes/light/view.h"

using namespace scenes::light;

namespace {

View wide_view() {
    View view;
    view.focal_length_px = 1884;
    view.centre_px = {1016, 763};
    view.distortion = -0.0873;
    view.distortion_r4 = -0.0097;
    view.magnification = {1 - 1.2 / 1280, 1, 1 + 1.5 / 1280};
    return view;
}

}  // namespace

TEST_CASE("a place on the sensor and the direction that it sees belong together") {
    for (const double distortion : {-0.0873, 0.0, 0.02}) {
        View view = wide_view();
        view.distortion = distortion;
        for (int channel = 0; channel < 3; ++channel) {
            for (double y = -300; y <= 1836; y += 89) {
                for (double x = -300; x <= 2348; x += 97) {
                    const Point back =
                        pixel_from_tangent(view, tangent_from_pixel(view, {x, y}, channel), channel);
                    CHECK(std::hypot(back.x - x, back.y - y) < 1e-6);
                }
            }
        }
    }
}

TEST_CASE("without distortion the image is that of a pinhole") {
    View view;
    view.focal_length_px = 2000;
    const Point p = pixel_from_tangent(view, {0.1, -0.2});
    CHECK(p.x == doctest::Approx(1224));
    CHECK(p.y == doctest::Approx(368));
}

TEST_CASE("distortion draws the corner in by its fraction, lateral colour moves red and blue by pixels") {
    const View view = wide_view();
    const double tangent = view.corner_px / view.focal_length_px;  // of the undistorted corner
    const auto radius = [&](int channel) {
        return pixel_from_tangent(view, {tangent, 0}, channel).x - view.centre_px.x;
    };
    CHECK(radius(1) == doctest::Approx(1280 * (1 - 0.097)).epsilon(1e-6));
    CHECK(radius(0) - radius(1) == doctest::Approx(-1.2 * (1 - 0.097)).epsilon(1e-3));
    CHECK(radius(2) - radius(1) == doctest::Approx(1.5 * (1 - 0.097)).epsilon(1e-3));
}

TEST_CASE("a direction far outside the picture lands outside the picture") {
    const View view = wide_view();
    double last = 0;
    for (double tangent = 0.1; tangent < 50; tangent *= 1.2) {
        const double x = pixel_from_tangent(view, {tangent, 0}).x;
        CHECK(x > last);
        last = x;
    }
}
