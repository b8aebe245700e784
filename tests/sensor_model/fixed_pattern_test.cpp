#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "sensor_model/dark_current.h"
#include "sensor_model/timing.h"
#include "tests/sensor_model/even_light.h"

using namespace even_light;
using sensor_model::Chip;

namespace {

constexpr double kGain = 0.357;

/// Every second pixel of every second row: one colour.
std::vector<double> plane(const std::vector<double>& square, int side, int x0, int y0) {
    std::vector<double> out;
    for (int y = y0; y < side; y += 2)
        for (int x = x0; x < side; x += 2) out.push_back(square[y * side + x]);
    return out;
}

Shot long_exposure(double seconds, double temperature_c,
                   const sensor_model::FixedPattern& pattern = real_pattern()) {
    Shot shot{.pattern = pattern};
    shot.settings.exposure_us = seconds * 1e6;
    shot.settings.temperature_c = temperature_c;
    return shot;
}

double dark_electrons(double seconds, double temperature_c) {
    const double black_dn = moments(take({.pattern = even_pattern()})).mean;
    return (moments(take(long_exposure(seconds, temperature_c))).mean - black_dn) / kGain;
}

}  // namespace

TEST_CASE("dark signal non-uniformity is 0.42 electrons within 10 %, of 16 frames") {
    CHECK(std::sqrt(stack({}, 16).spatial_variance) / kGain == doctest::Approx(0.42).epsilon(0.1));
}

TEST_CASE(
    "photo response non-uniformity is 0.5 % within 10 % in each colour plane, of 16 frames at half "
    "saturation") {
    const Shot bright{.electrons = 5200}, dark{};
    const Stack at_half = stack(bright, 16), at_dark = stack(dark, 16);
    const double signal_dn = moments(at_half.mean_dn).mean - moments(at_dark.mean_dn).mean;
    const double noise_dn2 = (temporal(bright).variance - temporal(dark).variance) / 16;
    for (const int y0 : {0, 1})
        for (const int x0 : {0, 1}) {
            const double spatial = moments(plane(at_half.mean_dn, 512, x0, y0)).variance -
                                   moments(plane(at_dark.mean_dn, 512, x0, y0)).variance - noise_dn2;
            CHECK(std::sqrt(spatial) / signal_dn == doctest::Approx(0.005).epsilon(0.1));
        }
}

TEST_CASE("columns differ by 0.10 and rows by 0.06 electrons, within 10 %") {
    CHECK(std::sqrt(moments(real_pattern().column_e).variance) == doctest::Approx(0.10).epsilon(0.1));
    CHECK(std::sqrt(moments(real_pattern().row_e).variance) == doctest::Approx(0.06).epsilon(0.1));
}

TEST_CASE("another camera has another pattern, and the same camera has the same") {
    Chip small;
    small.width = small.height = 64;
    const auto a = make_fixed_pattern(small, 1), b = make_fixed_pattern(small, 1),
               c = make_fixed_pattern(small, 2);
    CHECK(a.prnu == b.prnu);
    CHECK(a.dsnu == b.dsnu);
    CHECK(a.dark == b.dark);
    CHECK_FALSE(a.prnu == c.prnu);
    CHECK_FALSE(a.dsnu == c.dsnu);
    CHECK_FALSE(a.dark == c.dark);
}

TEST_CASE("dark current is 1.5 electrons per second at 25 degrees and doubles with every 7 K, within 5 %") {
    const double at_25 = dark_electrons(20, 25);
    CHECK(at_25 / 20 == doctest::Approx(1.5).epsilon(0.05));
    CHECK(dark_electrons(20, 32) / at_25 == doctest::Approx(2).epsilon(0.05));
    CHECK(dark_electrons(20, 39) / at_25 == doctest::Approx(4).epsilon(0.05));
}

TEST_CASE("dark current grows with exposure in a straight line") {
    const double five = dark_electrons(5, 39), ten = dark_electrons(10, 39);
    CHECK(ten / five == doctest::Approx(2).epsilon(0.02));
}

TEST_CASE("dark current differs from pixel to pixel as a log-normal of 0.35, within 10 %") {
    // Without hot pixels, of which one can outweigh a quarter of a million others.
    auto pattern = real_pattern();
    pattern.defects = {};
    const Stack s = stack(long_exposure(20, 39, pattern), 4);
    const double mean_e = 1.5 * 4 * 20, spread = std::sqrt(std::exp(0.35 * 0.35) - 1);
    CHECK(std::sqrt(s.spatial_variance) / kGain / mean_e == doctest::Approx(spread).epsilon(0.1));
}

TEST_CASE("a long dark exposure shows about 157 hot pixels, and a short one none of them") {
    Shot shot = long_exposure(10, 25);
    shot.settings.region = {};
    const auto bright_pixels = [](const sensor_model::RawFrame& frame) {
        return std::count_if(frame.dn.samples.begin(), frame.dn.samples.end(),
                             [](int dn) { return dn > 240 + 71; });
    };
    // 200 electrons: the weakest hot pixel has 300, and no ordinary one comes near.
    const auto in_long = bright_pixels(take(shot));
    shot.settings.exposure_us = 20;
    const auto in_short = bright_pixels(take(shot));
    CHECK(std::abs(in_long - in_short - 157) <= 4);
    CHECK(in_short <= 8);
}

TEST_CASE("a hot pixel has the charge of its exposure, and none of the time in which it waits to be read") {
    // 50 us a row: the last one waits for 77 ms, in which an ordinary pixel collects as before.
    constexpr float kExcess_e_s = 3000;
    auto pattern = even_pattern();
    pattern.defects.hot = {{1000, 2, kExcess_e_s}, {1000, 1533, kExcess_e_s}};
    Shot shot{.pattern = pattern};
    shot.settings.exposure_us = 100'000;
    shot.settings.row_s = 50e-6;
    shot.settings.region = {};
    double first = 0, last = 0;
    constexpr int kFrames = 16;
    for (std::uint64_t frame = 0; frame < kFrames; ++frame) {
        const auto dn = take(shot, frame).dn;
        first += (dn.at(1000, 2) - dn.at(1002, 2)) / kGain / kFrames;
        last += (dn.at(1000, 1533) - dn.at(1002, 1533)) / kGain / kFrames;
    }
    // Five standard deviations of shot noise in 16 frames.
    const double expected = kExcess_e_s * 0.1, tolerance = 5 * std::sqrt(expected / kFrames);
    CHECK(std::abs(first - expected) < tolerance);
    CHECK(std::abs(last - expected) < tolerance);
}

TEST_CASE("RTS pixels are as many as the chip says, of amplitudes and durations within its limits") {
    const sensor_model::Chip chip;
    const auto& rts = real_pattern().defects.rts;
    CHECK(std::abs(static_cast<int>(rts.size()) - 315) <= 2);
    int short_ones = 0;
    for (const auto& pixel : rts) {
        CHECK(pixel.amplitude_e >= 3);
        CHECK(pixel.amplitude_e <= 8);
        CHECK(pixel.frames >= 4);
        CHECK(pixel.frames <= 360);
        short_ones += pixel.frames < std::sqrt(4.0 * 360);  // half of a log-uniform distribution
    }
    CHECK(std::abs(short_ones - 157) < 4 * std::sqrt(315) / 2);
}

TEST_CASE("an RTS pixel stays at each of its two levels for geometrically distributed numbers of frames") {
    for (const float frames : {1.0F, 4.0F, 40.0F}) {
        CAPTURE(frames);
        const sensor_model::RtsPixel pixel{.amplitude_e = 5, .frames = frames, .seed = 12345};
        const int count = static_cast<int>(20'000 * frames);
        std::vector<int> stays;
        int since = 0;
        double sum_e = 0, product_e2 = 0;
        for (int n = 0; n < count; ++n) {
            const float now_e = offset_e(pixel, 1, static_cast<std::uint64_t>(n));
            const float next_e = offset_e(pixel, 1, static_cast<std::uint64_t>(n + 1));
            REQUIRE(std::abs(now_e) == 5);
            sum_e += now_e, product_e2 += now_e * next_e;
            if (now_e != next_e) stays.push_back(n + 1 - std::exchange(since, n + 1));
        }
        // A level that is drawn anew once in n frames changes once in 2 n.
        const double mean = 2 * frames, level_changes = count / mean;
        CHECK(static_cast<double>(stays.size()) == doctest::Approx(level_changes).epsilon(0.04));
        CHECK(std::abs(sum_e / count) < 5 * 4 / std::sqrt(level_changes));
        CHECK(product_e2 / count / 25 == doctest::Approx(1 - 1 / frames).epsilon(0.02).scale(1));
        const auto longer = std::count_if(stays.begin(), stays.end(), [&](int stay) { return stay > mean; });
        const double share = std::pow(1 - 1 / mean, mean);
        CHECK(static_cast<double>(longer) / static_cast<double>(stays.size()) ==
              doctest::Approx(share).epsilon(0.05));
    }
}

TEST_CASE("levels of RTS pixels go on from one acquisition to the next, as from frame to frame") {
    int same_frame = 0, same_acquisition = 0, high = 0;
    for (std::uint32_t seed = 1; seed <= 4000; ++seed) {
        const sensor_model::RtsPixel pixel{.amplitude_e = 5, .frames = 5, .seed = seed};
        same_frame += offset_e(pixel, 9, 20) == offset_e(pixel, 9, 22);
        same_acquisition += offset_e(pixel, 9, 0) == offset_e(pixel, 11, 0);
        high += offset_e(pixel, 9, 0) > 0;
    }
    const double share = (1 + 0.8 * 0.8) / 2;
    CHECK(same_frame / 4000.0 == doctest::Approx(share).epsilon(0.03));
    CHECK(same_acquisition / 4000.0 == doctest::Approx(share).epsilon(0.03));
    CHECK(high / 4000.0 == doctest::Approx(0.5).epsilon(0.06));
}

TEST_CASE("an RTS pixel moves from frame to frame by its amplitude") {
    const auto& rts = real_pattern().defects.rts;
    const auto inside = std::find_if(rts.begin(), rts.end(), [](const auto& p) { return p.frames < 10; });
    REQUIRE(inside != rts.end());
    Shot shot;
    shot.settings.region = {inside->x / 4 * 4, inside->y / 4 * 4, 16, 4};
    shot.settings.gain_db = 24;
    double high = 0, low = 0, highs = 0, lows = 0;
    for (std::uint64_t n = 0; n < 400; ++n) {
        const auto frame = expose(shot.chip, shot.pattern, electrons(0), shot.settings, {7, n, 2});
        const double dn = frame.dn.at(inside->x % 4, inside->y % 4);
        (offset_e(*inside, 2, n) > 0 ? high : low) += dn;
        (offset_e(*inside, 2, n) > 0 ? highs : lows) += 1;
    }
    const double gain = kGain * std::pow(10, 24.0 / 20);
    CHECK((high / highs - low / lows) / gain == doctest::Approx(2 * inside->amplitude_e).epsilon(0.15));
}

TEST_CASE("a stuck pixel is at full scale in the dark, and a dead one stays dark in the light") {
    auto pattern = even_pattern();
    pattern.defects.broken = {{600, 600, true}, {601, 601, false}};
    const auto dark = take({.pattern = pattern}), bright = take({.electrons = 5000, .pattern = pattern});
    CHECK(dark.dn.at(600 - 512, 600 - 512) == 4095);
    CHECK(bright.dn.at(601 - 512, 601 - 512) < 260);
    CHECK(bright.dn.at(602 - 512, 601 - 512) > 1800);
}

TEST_CASE("light on the stored charge adds up from the first row to the last") {
    // 5e7 electrons per second for 20 us, and then 18 ms of readout at 1/60 000.
    const scenes::light::Mosaic sun(2048, 1536, 5e7F);
    sensor_model::Settings settings = short_exposure();
    settings.region = {};
    const Chip chip;
    const auto frame = expose(chip, even_pattern(), {{{&sun, 20e-6}}, {}}, settings, {});
    std::vector<double> top, bottom;
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 2048; ++x) {
            top.push_back(frame.dn.at(x, y));
            bottom.push_back(frame.dn.at(x, 1535 - y));
        }
    const double expected_e = 5e7 / 60'000 * row_time(chip, settings.region).count() * (1535 - 63);
    CHECK((moments(bottom).mean - moments(top).mean) / kGain == doctest::Approx(expected_e).epsilon(0.05));
}
