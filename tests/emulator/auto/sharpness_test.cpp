#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "emulator/auto/sharpness.h"
#include "tests/emulator/auto/simulated_scene.h"
#include "tests/sensor_model/even_light.h"

using namespace simulated_scene;

namespace {

/// Stripes of a pitch that no mosaic repeats, blurred by a box of this many pixels.
Mosaic stripes(double blur_px, double level_dn, double noise_dn, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, noise_dn);
    Mosaic dn(256, 128);
    for (int y = 0; y < dn.height; ++y)
        for (int x = 0; x < dn.width; ++x) {
            double wave = 0;
            for (int i = 0; i < 32; ++i) {
                const double at = x + blur_px * ((i + 0.5) / 32 - 0.5);
                wave += (std::sin(at * 0.71) + std::sin(at * 0.23 + y) + std::sin(at * 0.049)) / 96;
            }
            dn.at(x, y) = static_cast<std::uint16_t>(
                std::clamp(kBlack + level_dn * (1 + 0.5 * wave) + normal(random) + 0.5, 0.0, 4095.0));
        }
    return dn;
}

}  // namespace

TEST_CASE("sharpness falls with every pixel of blur, up to the first zero of the box") {
    Sharpness before{1e9, 1e9};
    for (int blur = 0; blur <= 8; ++blur) {
        const auto now = sharpness(stripes(blur, 1500, 0, 1), kAll, kBlack, {});
        CHECK(now.fine < before.fine);
        CHECK(now.coarse < before.coarse);
        before = now;
    }
    CHECK(before.fine > 0);
    CHECK(before.coarse > 0);
}

TEST_CASE("noise alone is not sharp and does not change what is; half the light is a quarter of the detail") {
    const Noise noise{.variance_dn2 = 40 * 40};
    for (const auto scale : {&Sharpness::fine, &Sharpness::coarse}) {
        CHECK(sharpness(Mosaic(256, 128, 1740), kAll, kBlack, {}).*scale == 0);
        const double sharp = sharpness(stripes(1, 1500, 0, 1), kAll, kBlack, {}).*scale;
        CHECK(sharpness(stripes(1, 1500, 40, 2), kAll, kBlack, noise).*scale ==
              doctest::Approx(sharp).epsilon(0.05));
        CHECK(sharpness(stripes(1, 750, 0, 3), kAll, kBlack, {}).*scale ==
              doctest::Approx(sharp / 4).epsilon(0.01));
        CHECK(sharpness(stripes(1000, 1500, 40, 4), kAll, kBlack, noise).*scale < 0.03 * sharp);
    }
}

TEST_CASE("the noise of a pixel grows with gain as codes do") {
    const sensor_model::Chip chip;
    const auto low = noise(chip, 0), high = noise(chip, 48);
    CHECK(low.variance_dn2_per_dn == doctest::Approx(chip.gain_dn_per_e).epsilon(0.01));
    CHECK(high.variance_dn2_per_dn / low.variance_dn2_per_dn == doctest::Approx(251.2).epsilon(0.001));
    CHECK(high.variance_dn2 > low.variance_dn2);
}

TEST_CASE("a grey wall has no contrast before the real sensor, at any gain and brightness") {
    for (const double gain_db : {0.0, 24.0, 45.0})
        for (const double level_dn : {100.0, 1000.0, 2400.0}) {
            auto settings = even_light::short_exposure();
            settings.gain_db = gain_db;
            const double electrons = level_dn / (0.357 * std::pow(10, gain_db / 20));
            const auto wall = even_light::take({.electrons = electrons, .settings = settings});
            const auto seen = sharpness(wall.dn, kAll, kBlack, noise({}, gain_db));
            const double most_dn2 = 2e-5 * std::pow(10, gain_db / 10) * level_dn * level_dn;
            CHECK(seen.fine < most_dn2);
            CHECK(seen.coarse < most_dn2);
        }
}

TEST_CASE("a region outside the image sees nothing, and one that is too small for any detail neither") {
    for (const Rect& region :
         {Rect{300, 200, 16, 16}, Rect{-64, -64, 32, 32}, Rect{64, 64, 0, 0}, Rect{64, 64, 2, 2}}) {
        const auto seen = sharpness(stripes(1, 1500, 0, 1), region, kBlack, {});
        CHECK(seen.fine == 0);
        CHECK(seen.coarse == 0);
    }
}

TEST_CASE("stripes of any pitch are seen at one scale at least") {
    for (int pitch_px = 4; pitch_px <= 40; ++pitch_px) {
        CAPTURE(pitch_px);
        Mosaic dn(256, 128);
        for (int y = 0; y < dn.height; ++y)
            for (int x = 0; x < dn.width; ++x)
                dn.at(x, y) = static_cast<std::uint16_t>(
                    1500 + 300 * std::sin(2 * std::numbers::pi * x / pitch_px + 1));
        const auto seen = sharpness(dn, kAll, kBlack, {});
        CHECK(std::max(seen.fine, seen.coarse) > 300 * 300 / 4.0);
    }
}

TEST_CASE("what comes and goes at the edges of a region is no detail") {
    // A step, as a thing's edge is, in the middle of the region and near its end.
    const auto step_at = [](int column) {
        Mosaic dn(256, 128, 1000);
        for (int y = 0; y < dn.height; ++y)
            for (int x = column; x < dn.width; ++x) dn.at(x, y) = 2000;
        return sharpness(dn, kAll, kBlack, {});
    };
    CHECK(step_at(244).fine < 0.2 * step_at(128).fine);
    CHECK(step_at(244).coarse < 0.2 * step_at(128).coarse);
}
