#include <doctest/doctest.h>

#include <algorithm>

#include "tests/sensor_model/even_light.h"

using namespace even_light;
using sensor_model::Chip;

namespace {

struct Curve {
    std::vector<double> electrons, signal_dn, variance_dn2;
};

/// From dark to `most` electrons, two frames of 512 x 512 each, less those of the dark.
Curve curve(double most, int steps, double least = 0) {
    const Moments dark = temporal({});
    Curve c;
    for (int i = 1; i <= steps; ++i) {
        c.electrons.push_back(least + (most - least) * i / steps);
        const Moments bright = temporal({.electrons = c.electrons.back()});
        c.signal_dn.push_back(bright.mean - dark.mean);
        c.variance_dn2.push_back(bright.variance - dark.variance);
    }
    return c;
}

constexpr double kGain = 0.357, kSaturation_e = 10'400;

}  // namespace

TEST_CASE("photon transfer up to 70 % of saturation gives the system gain within 1 %") {
    const Curve c = curve(0.7 * kSaturation_e, 50);
    CHECK(fit(c.signal_dn, c.variance_dn2).slope == doctest::Approx(kGain).epsilon(0.01));
}

TEST_CASE("temporal dark noise is 2.1 electrons within 3 %") {
    const double noise_e = std::sqrt(temporal({}).variance - 1.0 / 12) / kGain;
    CHECK(noise_e == doctest::Approx(2.1).epsilon(0.03));
}

TEST_CASE("the variance peaks at 10 400 electrons within 2 %") {
    const Curve straight = curve(0.7 * kSaturation_e, 20), top = curve(11'500, 40, 9'500);
    const double gain = fit(straight.signal_dn, straight.variance_dn2).slope;
    const double responsivity = fit(straight.electrons, straight.signal_dn).slope;
    const auto peak =
        std::max_element(top.variance_dn2.begin(), top.variance_dn2.end()) - top.variance_dn2.begin();
    CHECK(responsivity / gain * top.electrons[peak] == doctest::Approx(kSaturation_e).epsilon(0.02));
}

TEST_CASE("the response is straight within 0.5 % from 5 to 95 % of saturation, but not perfectly") {
    const Curve c = curve(0.95 * kSaturation_e, 38, 0.05 * kSaturation_e);
    // The line that has the smallest relative deviations: y/x against 1/x.
    std::vector<double> inverse, ratio;
    for (std::size_t i = 0; i < c.electrons.size(); ++i) {
        inverse.push_back(1 / c.electrons[i]);
        ratio.push_back(c.signal_dn[i] / c.electrons[i]);
    }
    const Line line = fit(inverse, ratio);
    double worst = 0;
    for (std::size_t i = 0; i < c.electrons.size(); ++i) {
        const double expected = line.offset * c.electrons[i] + line.slope;
        worst = std::max(worst, std::abs(c.signal_dn[i] / expected - 1));
    }
    CHECK(worst < 0.005);
    CHECK(worst > 0.001);
}

TEST_CASE("doubling the light doubles the signal within 0.5 %") {
    const double black_dn = temporal({}).mean;
    for (const double electrons : {100.0, 1000.0, 2500.0, 5000.0}) {
        const double once = temporal({.electrons = electrons}).mean - black_dn;
        const double twice = temporal({.electrons = 2 * electrons}).mean - black_dn;
        CHECK(twice / once == doctest::Approx(2).epsilon(0.005));
    }
}

TEST_CASE("no amount of light gives more than full scale, and none gives less for more light") {
    double before_dn = 0;
    for (const double electrons : {9e3, 10e3, 10.6e3, 11e3, 12e3, 13e3, 20e3, 1e6, 1e9}) {
        const Moments m = moments(take({.electrons = electrons, .settings = short_exposure(128)}));
        CHECK(m.mean >= before_dn);
        before_dn = m.mean;
    }
    CHECK(before_dn == 4095);
}

TEST_CASE(
    "dim light has the mean, the variance, the skewness and the kurtosis of Poisson, a million pixels each") {
    Shot shot{.settings = short_exposure(1024), .pattern = even_pattern()};
    shot.chip.nonlinearity = shot.chip.row_noise_e = 0;
    shot.settings.gain_db = 12;
    for (const double electrons : {0.0, 1.0, 5.0, 20.0, 100.0, 1000.0}) {
        CAPTURE(electrons);
        shot.electrons = electrons;
        const double gain = kGain * std::pow(10, 12.0 / 20), after_e = 1.16 / std::pow(10, 12.0 / 20);
        const double variance_e2 = electrons + 1.75 * 1.75 + after_e * after_e;
        const double variance = gain * gain * variance_e2 + 1.0 / 12;
        const Moments m = moments(take(shot));
        // Five standard errors of each, and what rounding may add to the mean.
        CHECK(std::abs(m.mean - 240 - gain * electrons) < 0.004 + 5 * std::sqrt(variance / 1048576));
        CHECK(m.variance == doctest::Approx(variance).epsilon(0.01));
        CHECK(std::abs(m.skewness - std::pow(gain, 3) * electrons / std::pow(variance, 1.5)) < 0.012);
        CHECK(std::abs(m.kurtosis - electrons / (variance_e2 * variance_e2)) < 0.05);
    }
}
