#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lens_model/lens.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/zoom.h"
#include "tests/support/lens_figures.h"

using namespace lens_model;
using lens_figures::focused;

namespace {

constexpr double kManual_mm[] = {6.5,  7.2,  7.9,  8.9,  9.6,  10.5, 11.8, 13.2, 14.7, 17.7, 19.0,
                                 22.0, 25.5, 30.7, 36.2, 44.2, 53.4, 64.9, 79.2, 91.3, 114.5};

}  // namespace

TEST_CASE("the zoom table is exact at the manual's 21 points") {
    for (int i = 0; i <= 20; ++i) CHECK(focal_length_at_table_mm(50 * i) == kManual_mm[i]);
}

TEST_CASE("focal length rises with every step of the zoom") {
    for (int step = 1; step <= 1000; ++step) {
        CHECK(focal_length_at_table_mm(step) > focal_length_at_table_mm(step - 1));
    }
}

TEST_CASE("the field of view at 2.5 m from the front is that of the table, exactly, at its 21 points") {
    for (int i = 0; i <= 20; ++i) {
        const auto view = lens_model::view({}, focused(50 * i, 2.5));
        const double from_pupil_m = 2.5 + view.entrance_pupil_m;
        CHECK(view.focal_length_px * 3.45e-3 * 2.5 / from_pupil_m ==
              doctest::Approx(kManual_mm[i]).epsilon(1e-9));

        const double half_m = 0.02;  // near the axis, where distortion is nothing
        const auto left = scenes::light::pixel_from_tangent(view, {-half_m / from_pupil_m, 0});
        const auto right = scenes::light::pixel_from_tangent(view, {half_m / from_pupil_m, 0});
        CHECK(right.x - left.x == doctest::Approx(2 * half_m / 2.5 * kManual_mm[i] / 3.45e-3).epsilon(0.003));
    }
}

TEST_CASE(
    "the entrance pupil goes from 0.04 m behind the front to 0.39 m, and with it f from 6.61 mm to 136") {
    CHECK(entrance_pupil_m({}, 0) == doctest::Approx(0.04));
    CHECK(entrance_pupil_m({}, 1000) == doctest::Approx(0.39));
    CHECK(focal_length_at_infinity_mm({}, 0) == doctest::Approx(6.61).epsilon(0.001));
    CHECK(focal_length_at_infinity_mm({}, 1000) == doctest::Approx(136.0).epsilon(0.001));
    CHECK(focal_length_mm({}, focused(1000, 0.9)) ==
          doctest::Approx(136.0 / (1 + 0.5 * 0.136 / 0.9)).epsilon(0.001));
    Constants long_barrel;
    long_barrel.entrance_pupil_tele_m = 0.5, long_barrel.breathing = 0;
    CHECK(focal_length_mm(long_barrel, focused(1000, 0.9)) == doctest::Approx(114.5 * 3 / 2.5));
}

TEST_CASE("focus hardly changes the scale: the 12 counts of backlash are within 0.3 percent, at every zoom") {
    double worst = 0;
    for (int zoom = 0; zoom <= 1000; zoom += 50) {
        for (const double distance_m : {0.05, 0.3, 1.0, 2.5, 10.0}) {
            if (distance_m < minimum_distance_m({}, zoom)) continue;
            State state = focused(zoom, distance_m), off = state;
            off.focus_counts -= 12;
            worst = std::max(worst, std::abs(focal_length_mm({}, off) / focal_length_mm({}, state) - 1));
        }
    }
    CHECK(worst < 0.003);
    MESSAGE("at most " << 100 * worst << " %");
}

TEST_CASE("the optical axis wanders from one side of the middle to the other as the lens zooms") {
    const Constants constants;
    const auto wide = boresight_px(constants, 0), tele = boresight_px(constants, 1000);
    CHECK(tele.x - wide.x == doctest::Approx(16).epsilon(0.15));
    for (int step = 1; step <= 1000; ++step) {
        const auto a = boresight_px(constants, step - 1), b = boresight_px(constants, step);
        CHECK(std::hypot(b.x - a.x, b.y - a.y) < 0.15);  // no jumps
    }
}

TEST_CASE("distortion goes from barrel to pincushion, lateral colour changes sides") {
    const auto corner = [](double zoom) {
        const auto view = lens_model::view({}, focused(zoom, 2.5));
        return view.distortion + view.distortion_r4;
    };
    CHECK(corner(0) == doctest::Approx(-0.097).epsilon(0.001));
    CHECK(corner(1000) == doctest::Approx(0.0206).epsilon(0.01));
    CHECK(corner(412) == doctest::Approx(0).epsilon(0.002));  // 15.4 mm
    const auto wide = lens_model::view({}, focused(0, 2.5)), tele = lens_model::view({}, focused(1000, 2.5));
    CHECK((wide.magnification[0] - 1) * 1280 == doctest::Approx(-1.2));
    CHECK((wide.magnification[2] - 1) * 1280 == doctest::Approx(1.5));
    CHECK((tele.magnification[0] - 1) * 1280 == doctest::Approx(1.0));
    CHECK((tele.magnification[2] - 1) * 1280 == doctest::Approx(-1.5));
}
