#include <doctest/doctest.h>

#include <numeric>

#include "emulator/isp/pipeline.h"
#include "tests/emulator/auto/studio.h"
#include "tests/sensor_model/laboratory.h"

using namespace studio;

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

TEST_CASE("brightness is the mean of the 8-bit raw image that is sent, whatever the balance") {
    std::mt19937 random(51);
    for (const emulator::isp::WhiteBalance balance :
         {emulator::isp::WhiteBalance{}, {120, 64, 200}, {255, 30, 255}}) {
        const auto spread = scene(100'000, 6, random());
        const auto dn = spread.expose({15'000}, 32, random);
        emulator::isp::Settings settings;
        settings.white_balance = balance;
        const auto bytes = process(dn, settings, emulator::isp::PixelFormat::BayerRG8);
        const double mean =
            std::accumulate(bytes.begin(), bytes.end(), 0.0) / static_cast<double>(bytes.size());
        CHECK(measure(dn, kAll, kBlack, balance).brightness == doctest::Approx(mean).epsilon(1e-12));
    }
}

TEST_CASE("the means are those of the colours above black, and clipped places do not enter them") {
    Mosaic dn(32, 16);
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 32; ++x)
            dn.at(x, y) = static_cast<std::uint16_t>(kBlack + 100 * (1 + x % 2 + y % 2));
    for (int x = 0; x < 8; ++x) dn.at(x, 0) = 4095;
    const auto seen = measure(dn, kAll, kBlack, {});
    CHECK(seen.mean_dn == std::array<double, 3>{100, 200, 300});
    CHECK(seen.unclipped_share == doctest::Approx(1 - 4.0 / 128));
    CHECK(seen.clipped_share == doctest::Approx(8.0 / 512));
}

TEST_CASE("only the region is seen, and one outside the image sees nothing") {
    Mosaic dn(64, 64, 500);
    for (int y = 16; y < 32; ++y)
        for (int x = 32; x < 48; ++x) dn.at(x, y) = 1500;
    CHECK(measure(dn, {32, 16, 16, 16}, kBlack, {}).mean_dn[1] == 1500 - kBlack);
    CHECK(measure(dn, {0, 0, 16, 16}, kBlack, {}).mean_dn[1] == 500 - kBlack);
    CHECK(measure(dn, {64, 64, 16, 16}, kBlack, {}).unclipped_share == 0);
    CHECK(sharpness(dn, {64, 64, 16, 16}, kBlack, {}) == 0);
}

TEST_CASE("a large image is sampled, and its means stay within half a percent") {
    Mosaic dn(2048, 1536);
    for (int y = 0; y < dn.height; ++y)
        for (int x = 0; x < dn.width; ++x)
            dn.at(x, y) = static_cast<std::uint16_t>(kBlack + (x + y) / 2 % 1800);
    double sum = 0;
    for (const auto code : dn.samples) sum += code - kBlack;
    const auto seen = measure(dn, kAll, kBlack, {});
    CHECK(seen.mean_dn[1] == doctest::Approx(sum / static_cast<double>(dn.samples.size())).epsilon(0.005));
    CHECK(std::accumulate(seen.histogram.count.begin(), seen.histogram.count.end(), 0U) <= 4 * 65'536U);
}

TEST_CASE("sharpness falls with every pixel of blur, up to the first zero of the box") {
    double before = 1;
    for (int blur = 0; blur <= 8; ++blur) {
        const double now = sharpness(stripes(blur, 1500, 0, 1), kAll, kBlack, {});
        CHECK(now < before);
        before = now;
    }
    CHECK(before > 0);
}

TEST_CASE("noise alone is not sharp, and neither noise nor brightness changes what is") {
    const Noise noise{.variance_dn2 = 40 * 40};
    const double flat = sharpness(Mosaic(256, 128, 1740), kAll, kBlack, {});
    CHECK(flat == 0);
    const double sharp = sharpness(stripes(1, 1500, 0, 1), kAll, kBlack, {});
    CHECK(sharpness(stripes(1, 1500, 40, 2), kAll, kBlack, noise) == doctest::Approx(sharp).epsilon(0.05));
    CHECK(sharpness(stripes(1, 750, 0, 3), kAll, kBlack, {}) == doctest::Approx(sharp).epsilon(0.01));
    CHECK(std::abs(sharpness(stripes(1000, 1500, 40, 4), kAll, kBlack, noise)) < 0.03 * sharp);
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
            auto settings = laboratory::short_exposure();
            settings.gain_db = gain_db;
            const double electrons = level_dn / (0.357 * std::pow(10, gain_db / 20));
            const auto wall = laboratory::take({.electrons = electrons, .settings = settings});
            CHECK(sharpness(wall.dn, kAll, kBlack, noise({}, gain_db)) < 2e-5 * std::pow(10, gain_db / 10));
        }
}
