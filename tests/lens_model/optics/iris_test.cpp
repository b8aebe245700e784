#include <doctest/doctest.h>

#include <cmath>

#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "lens_model/optics/vignetting.h"
#include "lens_model/optics/zoom.h"
#include "tests/support/lens_figures.h"

using namespace lens_model;

namespace {

State with_iris(double zoom, double iris) {
    State state;
    state.zoom_steps = zoom;
    state.focus_counts = infinity_counts({}, zoom);
    state.iris_steps = iris;
    return state;
}

}  // namespace

TEST_CASE("the open lens is F1.5 wide and F3.4 tele, with pupils of 4.4 and 40 mm") {
    CHECK(f_number({}, with_iris(0, 255)) == doctest::Approx(1.5));
    CHECK(f_number({}, with_iris(1000, 255)) == doctest::Approx(3.4));
    CHECK(focal_length_at_infinity_mm({}, 0) / open_f_number({}, 0) == doctest::Approx(4.41).epsilon(0.002));
    CHECK(focal_length_at_infinity_mm({}, 1000) / open_f_number({}, 1000) ==
          doctest::Approx(40).epsilon(0.002));
    CHECK(open_f_number({}, 500) == doctest::Approx(2.04).epsilon(0.003));
}

TEST_CASE("iris steps 143.5 and 88 are two and four stops down") {
    const double open = exposure_factor({}, with_iris(500, 255));
    CHECK(std::log2(open / exposure_factor({}, with_iris(500, 143.5))) == doctest::Approx(2).epsilon(0.001));
    CHECK(std::log2(open / exposure_factor({}, with_iris(500, 87.75))) == doctest::Approx(4).epsilon(0.001));
}

TEST_CASE("the iris is never smaller than F22 until it is closed, and then lets 1e-5 through") {
    CHECK(f_number({}, with_iris(0, 33)) == 22);
    CHECK_FALSE(iris_is_closed({}, with_iris(0, 33)));
    CHECK(iris_is_closed({}, with_iris(0, 32)));
    CHECK(exposure_factor({}, with_iris(0, 10)) / exposure_factor({}, with_iris(0, 255)) ==
          doctest::Approx(1e-5));
}

TEST_CASE("focused on something near, the lens is darker than its F-number") {
    State near = with_iris(1000, 255);
    CHECK(working_f_number({}, near) == doctest::Approx(3.4));
    near.focus_counts = counts_for_distance({}, 1000, 0.9);
    const double scale =
        1e-3 * focal_length_mm({}, near) / (0.9 + 0.39);  // of the picture, which shows that object
    CHECK(working_f_number({}, near) == doctest::Approx(3.4 * (1 + scale / 1.8)));
    CHECK(working_f_number({}, near) > 3.5);
}

TEST_CASE("relative illumination in the corner is that of the model, and clears two stops down") {
    const auto corner = [](double zoom, double f) {
        State state;
        state.zoom_steps = zoom;
        state.focus_counts = counts_for_distance({}, zoom, 2.5);
        state.iris_steps = lens_figures::iris_for_f_number({}, zoom, f);
        return relative_illumination({}, state, 1);
    };
    CHECK(corner(0, 1) == doctest::Approx(0.493).epsilon(0.005));
    CHECK(corner(500, 1) == doctest::Approx(0.605).epsilon(0.005));
    CHECK(corner(1000, 1) == doctest::Approx(0.499).epsilon(0.005));
    CHECK(corner(0, 8) == doctest::Approx(0.684).epsilon(0.005));
    CHECK(corner(500, 8) == doctest::Approx(0.949).epsilon(0.005));
    CHECK(corner(1000, 8) == doctest::Approx(0.999).epsilon(0.005));
    CHECK(relative_illumination({}, with_iris(0, 255), 0) == 1);
}
