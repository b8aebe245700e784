#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "sensor_model/samplers.h"
#include "tests/sensor_model/even_light.h"

using namespace even_light;

namespace {

constexpr int kSide = 512;

/// Frames of even light without any pattern, in standard deviations.
std::vector<double> noise(std::uint64_t frame) {
    Shot shot{.electrons = 2000, .pattern = even_pattern()};
    shot.chip.row_noise_e = 0;
    const auto raw = take(shot, frame);
    const Moments m = moments(raw);
    std::vector<double> z;
    for (const auto dn : raw.dn.samples) z.push_back((dn - m.mean) / std::sqrt(m.variance));
    return z;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b, int dx, int dy) {
    double sum = 0;
    for (int y = 0; y + dy < kSide; ++y)
        for (int x = 0; x + dx < kSide; ++x) sum += a[y * kSide + x] * b[(y + dy) * kSide + x + dx];
    return sum / ((kSide - dx) * (kSide - dy));
}

}  // namespace

TEST_CASE(
    "the noise of neighbours is uncorrelated, and so is that of pixels that share terms of the generator") {
    const auto z = noise(0);
    // Five standard errors of 512 x 512 pixels; terms are shared at multiples of 32.
    for (const auto [dx, dy] : {std::array{1, 0},
                                {0, 1},
                                {1, 1},
                                {2, 0},
                                {0, 2},
                                {16, 0},
                                {32, 0},
                                {64, 0},
                                {128, 0},
                                {256, 0},
                                {32, 1},
                                {0, 32}})
        CHECK(std::abs(correlation(z, z, dx, dy)) < 5 / std::sqrt(double(kSide - dx) * (kSide - dy)));
}

TEST_CASE("the noise of frames is uncorrelated") {
    const auto a = noise(0);
    for (const std::uint64_t other : {1, 2, 3, 1000})
        CHECK(std::abs(correlation(a, noise(other), 0, 0)) < 5.0 / kSide);
}

TEST_CASE("no row repeats another one, in this frame or the next") {
    const auto a = noise(0), b = noise(1);
    double worst = 0;
    const auto compare = [&](const std::vector<double>& p, int row_p, const std::vector<double>& q,
                             int row_q) {
        double sum = 0;
        for (int x = 0; x < kSide; ++x) sum += p[row_p * kSide + x] * q[row_q * kSide + x];
        worst = std::max(worst, std::abs(sum) / std::sqrt(kSide));
    };
    for (int i = 0; i < 128; ++i)
        for (int j = 0; j < 128; ++j) {
            if (i < j) compare(a, i, a, j);
            compare(a, i, b, j);
        }
    // Of 24 512 normal numbers the largest is above 6 once in 20 000 times.
    CHECK(worst < 6);
}

TEST_CASE("the mean of eight frames has an eighth of the variance, within 2 %") {
    const Shot shot{.electrons = 3000, .pattern = even_pattern()};
    const double one = temporal(shot).variance;
    std::vector<double> sum(kSide * kSide);
    for (std::uint64_t f = 0; f < 8; ++f) {
        const auto frame = take(shot, f);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += frame.dn.samples[i] / 8.0;
    }
    CHECK(moments(sum).variance == doctest::Approx(one / 8).epsilon(0.02));
}

TEST_CASE("normal numbers have no mean, variance one, and tails to four deviations; two million of them") {
    std::vector<float> z;
    for (std::uint64_t row = 0; row < 1024; ++row) {
        const auto part = sensor_model::normals(sensor_model::noise_key(row * 0x9e3779b97f4a7c15U), 2048);
        z.insert(z.end(), part.begin(), part.end());
    }
    const Moments m = moments(z);
    CHECK(std::abs(m.mean) < 0.0035);
    CHECK(m.variance == doctest::Approx(1).epsilon(0.005));
    CHECK(std::abs(m.skewness) < 0.01);
    CHECK(std::abs(m.kurtosis) < 0.02);
    const auto beyond = [&](float limit) {
        const auto far = std::count_if(z.begin(), z.end(), [&](float v) { return std::abs(v) > limit; });
        return static_cast<double>(far) / static_cast<double>(z.size());
    };
    CHECK(beyond(3) == doctest::Approx(0.0026998).epsilon(0.05));
    CHECK(beyond(4) == doctest::Approx(6.334e-5).epsilon(0.35));
}

TEST_CASE("rows flicker by 0.12 electrons from frame to frame, within 10 %") {
    Shot shot{.pattern = even_pattern()};
    shot.settings.region = {0, 0, 2048, 1024};
    const auto a = take(shot, 0), b = take(shot, 1);
    std::vector<double> difference;
    for (int y = 0; y < 1024; ++y) {
        double sum = 0;
        for (int x = 0; x < 2048; ++x) sum += static_cast<double>(a.dn.at(x, y)) - b.dn.at(x, y);
        difference.push_back(sum / 2048 / 0.357);
    }
    const double pixels_e2 = 2.1 * 2.1 + 1.0 / 12 / (0.357 * 0.357);
    const double rows_e2 = moments(difference).variance / 2 - pixels_e2 / 2048;
    CHECK(std::sqrt(rows_e2) == doctest::Approx(0.12).epsilon(0.1));
}
