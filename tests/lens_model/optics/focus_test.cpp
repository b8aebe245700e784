#include <doctest/doctest.h>

#include <cmath>

#include "lens_model/blur/blur.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "lens_model/optics/zoom.h"
#include "tests/support/lens_figures.h"

using namespace lens_model;
using lens_figures::focused;

TEST_CASE("focus counts stand for distances") {
    CHECK(infinity_counts({}, 0) == 9990);
    CHECK(infinity_counts({}, 1000) == 9900);
    CHECK(counts_for_distance({}, 0, 1) == doctest::Approx(9961).epsilon(0.0001));
    CHECK(counts_for_distance({}, 0, 0.1) == doctest::Approx(9703).epsilon(0.0001));
    CHECK(counts_for_distance({}, 0, 0.01) == doctest::Approx(7119).epsilon(0.0001));
    CHECK(counts_for_distance({}, 500, 2.5) == doctest::Approx(9847).epsilon(0.0001));
    CHECK(counts_for_distance({}, 1000, 10) == doctest::Approx(9009).epsilon(0.0001));
    CHECK(counts_for_distance({}, 1000, 2.5) == doctest::Approx(6336).epsilon(0.0001));
    CHECK(std::abs(counts_for_distance({}, 1000, 0.9)) < 1);
}

TEST_CASE("the distance that is in focus is the inverse of the counts for it") {
    for (const double zoom : {0.0, 333.0, 1000.0}) {
        for (const double distance_m : {1.0, 2.5, 40.0}) {
            CHECK(focused_distance_m({}, focused(zoom, distance_m)) == doctest::Approx(distance_m));
        }
    }
    CHECK(std::isinf(focused_distance_m({}, State{})));
}

TEST_CASE("the minimum object distance goes from 1 cm to 90 cm") {
    CHECK(minimum_distance_m({}, 0) == doctest::Approx(0.010));
    CHECK(minimum_distance_m({}, 300) == doctest::Approx(0.0255).epsilon(0.005));
    CHECK(minimum_distance_m({}, 1000) == doctest::Approx(0.9).epsilon(0.002));
}

TEST_CASE("nearer than the minimum object distance nothing is sharp") {
    State state = focused(500, minimum_distance_m({}, 500));
    const double at_limit = blur({}, state, focused_distance_m({}, state), 0, 1).sigma_um;
    state.focus_counts = 0;
    CHECK(blur({}, state, focused_distance_m({}, state), 0, 1).sigma_um > 5 * at_limit);
}

TEST_CASE("the blur disc grows with the focus error and with one over F") {
    State state = focused(500, 2.5);
    const double sharp = state.focus_counts;
    state.focus_counts = sharp + 100;
    const double disc = blur({}, state, 2.5, 0, 1).disc_um;
    CHECK(disc == doctest::Approx(147.14 / working_f_number({}, state)).epsilon(1e-6));
    state.focus_counts = sharp - 200;
    CHECK(blur({}, state, 2.5, 0, 1).disc_um * working_f_number({}, state) ==
          doctest::Approx(294.28).epsilon(1e-6));
    state.iris_steps = 143.5;
    CHECK(blur({}, state, 2.5, 0, 1).disc_um * working_f_number({}, state) ==
          doctest::Approx(294.28).epsilon(1e-6));
}

TEST_CASE("the depth of field is that of the textbook") {
    // With a circle of confusion c: H = f²/(F c), near and far limits s H/(H ± s) where s is much longer than
    // f.
    for (const double zoom : {0.0, 500.0, 1000.0}) {
        CAPTURE(zoom);
        const double circle_um = 3.45;
        const State state = focused(zoom, 2.5);
        const double f_mm = focal_length_at_table_mm(zoom);
        const double hyperfocal_m = f_mm * f_mm / (working_f_number({}, state) * circle_um * 1e-3) * 1e-3;
        const double near_m = 2.5 * hyperfocal_m / (hyperfocal_m + 2.5);
        const double far_m = 2.5 * hyperfocal_m / (hyperfocal_m - 2.5);
        CHECK(blur({}, state, near_m, 0, 1).disc_um == doctest::Approx(circle_um).epsilon(0.01));
        CHECK(blur({}, state, far_m, 0, 1).disc_um == doctest::Approx(circle_um).epsilon(0.01));
        CHECK(blur({}, state, 2.5, 0, 1).disc_um < 1e-6);
    }
}

TEST_CASE("red comes to focus behind green, blue in front, infrared far behind") {
    const State state = focused(1000, 5);
    const auto off = [&](int channel, bool infrared) { return defocus_um({}, state, 5, channel, infrared); };
    CHECK(std::abs(off(1, false)) < 1e-6);
    CHECK(off(0, false) == doctest::Approx(0.65 * 57.25));
    CHECK(off(2, false) == doctest::Approx(-0.75 * 57.25));
    CHECK(off(1, true) == doctest::Approx(180));
    CHECK(defocus_um({}, focused(0, 5), 5, 1, true) == doctest::Approx(20));
}

TEST_CASE("warmth moves the focus by three counts a kelvin at tele") {
    State state = focused(1000, 5);
    state.temperature_c = 35;
    CHECK(defocus_um({}, state, 5, 1, false) == doctest::Approx(30 * 1.4714));
    State wide = focused(0, 5);
    wide.temperature_c = 35;
    CHECK(defocus_um({}, wide, 5, 1, false) == doctest::Approx(5 * 1.4714));
}
