#include <doctest/doctest.h>

#include <cmath>

#include "sensor_model/thermal.h"
#include "sensor_model/timing.h"

using namespace sensor_model;
using namespace std::chrono_literals;

namespace {

double rate_hz(const Region& region) { return 1e9 / static_cast<double>(readout_time({}, region).count()); }

}  // namespace

TEST_CASE("a row of 2048 columns takes 846 clocks, and fewer columns take less") {
    CHECK(row_time({}, {}).count() == doctest::Approx(846 / 74.25e6));
    CHECK(row_time({}, {.width = 1920}).count() * 1e6 == doctest::Approx(10.747).epsilon(1e-4));
    CHECK(row_time({}, {.width = 640}).count() * 1e6 == doctest::Approx(4.283).epsilon(1e-4));
    CHECK(row_time({}, {.width = 528}).count() * 1e6 == doctest::Approx(3.717).epsilon(1e-4));
}

TEST_CASE("the sensor alone reads 55.58 whole frames per second, and more of small ones") {
    CHECK(rate_hz({}) == doctest::Approx(55.58).epsilon(1e-4));
    CHECK(rate_hz({.width = 640, .height = 480}) == doctest::Approx(446).epsilon(1e-3));
}

TEST_CASE("skipping shortens rows and leaves rows out") {
    CHECK(rate_hz({.skip_x = 2, .skip_y = 2}) == doctest::Approx(198).epsilon(2e-3));
    CHECK(rate_hz({.skip_y = 2}) == doctest::Approx(108.2).epsilon(1e-3));
}

TEST_CASE("while one frame is read the next may be exposed, and the longer of the two sets the pace") {
    const Chip chip;
    CHECK(overlapped_period(chip, {}, 1ms) == readout_time(chip, {}));
    CHECK(overlapped_period(chip, {}, 100ms) == 100ms + exposure_gap(chip, {}));
    CHECK(exposure_gap(chip, {}).count() == doctest::Approx(113'939 - 13'730).epsilon(1e-4));
    CHECK(rest_time(chip, {}).count() == doctest::Approx(113'939).epsilon(1e-4));
}

TEST_CASE("the chip ends 12 K above its housing, and from cold is 63 % there after one time constant") {
    Chip chip;
    CHECK(temperature_c(chip, 25, 0s) == 37);  // it has been on for long
    chip.warm_at_power_up = 0;
    CHECK(temperature_c(chip, 25, 0s) == 25);
    CHECK(temperature_c(chip, 25, 600s) == doctest::Approx(25 + 12 * 0.63212).epsilon(1e-5));
    CHECK(temperature_c(chip, 25, 10h) == doctest::Approx(37));
}

TEST_CASE("a chip that is switched off cools down, and how the time is divided does not matter") {
    const Chip chip;
    const double warm_k = above_housing_k(chip, {12, false}, 300s);
    CHECK(warm_k == doctest::Approx(12 * std::exp(-0.5)));
    CHECK(above_housing_k(chip, {warm_k, false}, 300s) ==
          doctest::Approx(above_housing_k(chip, {12, false}, 600s)));
}
