#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "scenes/light/lamp.h"

using namespace scenes::light;
using namespace std::chrono_literals;

namespace {

Waveform flicker(double mains_hz = 50, double depth = 0.4) {
    Waveform wave;
    wave.kind = Waveform::Kind::flicker;
    wave.flicker = {.mains_hz = mains_hz, .depth = {depth, 0, 0}};
    return wave;
}

/// Half of the difference between the brightest and the darkest frame, over all moments of a period.
double ripple(const Waveform& wave, double exposure_s) {
    double low = 9, high = 0;
    for (int i = 0; i < 1000; ++i) {
        const double level = mean_level(wave, i * 10us, exposure_s);
        low = std::min(low, level);
        high = std::max(high, level);
    }
    return (high - low) / 2;
}

}  // namespace

TEST_CASE("a steady lamp is steady") { CHECK(mean_level({}, 12'300ms, 0.01) == 1); }

TEST_CASE("100 Hz flicker vanishes at 10 ms and its multiples") {
    for (const double exposure_s : {0.01, 0.02, 0.05}) CHECK(ripple(flicker(), exposure_s) < 1e-9);
    CHECK(ripple(flicker(60), 1 / 120.0) < 1e-9);
    CHECK(ripple(flicker(60), 0.01) > 0.05);
}

TEST_CASE("an exposure weakens flicker by sinc") {
    for (const double exposure_s : {20e-6, 1e-3, 3e-3, 7e-3, 13e-3}) {
        CAPTURE(exposure_s);
        const double x = std::numbers::pi * 100 * exposure_s;
        CHECK(ripple(flicker(), exposure_s) ==
              doctest::Approx(0.4 * std::abs(std::sin(x) / x)).epsilon(0.001));
    }
}

TEST_CASE("frames of a flickering lamp beat at the aliased frequency") {
    // 100 Hz sampled 36.09 times a second comes back after 100 - 3 x 36.09 = -8.27 Hz, in 0.121 s.
    const double rate_hz = 36.09, beat_hz = 3 * rate_hz - 100;
    for (int n = 0; n < 20; ++n) {
        const double level =
            mean_level(flicker(), std::chrono::nanoseconds(std::llround(1e9 * n / rate_hz)), 1e-6);
        CHECK(
            level ==
            doctest::Approx(1 + 0.4 * std::cos(2 * std::numbers::pi * beat_hz * n / rate_hz)).epsilon(1e-4));
    }
}

TEST_CASE("a phosphor that lags changes colour with time") {
    Waveform wave = flicker();
    wave.flicker.lag_s = {0.002, 0.001, 0};
    CHECK(mean_level(wave, 2ms, 0, {}, 0) == doctest::Approx(mean_level(wave, 0s, 0, {}, 2)));
    CHECK(mean_level(wave, 2ms, 0, {}, 0) > mean_level(wave, 2ms, 0, {}, 2));
}

TEST_CASE("a driven lamp gives the part of the exposure in which its line is high") {
    Waveform wave;
    wave.kind = Waveform::Kind::driven;
    const Interval high[] = {{-0.001, 0.002}, {0.004, 0.005}}, later[] = {{0.02, 0.03}};
    CHECK(mean_level(wave, 1s, 0.01, high) == doctest::Approx(0.3));
    CHECK(mean_level(wave, 1s, 0.001, high) == doctest::Approx(1));
    CHECK(mean_level(wave, 1s, 0.01, later) == 0);
    CHECK(mean_level(wave, 1s, 0, high) == 1);
    wave.driven.delay_s = 0.003;
    CHECK(mean_level(wave, 1s, 0.004, high) == doctest::Approx(0.5));
    wave.driven.level_off = 0.2;
    CHECK(mean_level(wave, 1s, 0.01, later) == doctest::Approx(0.2));
}

TEST_CASE("a driven lamp that is active low gives what the others do not") {
    Waveform high_lit, low_lit;
    high_lit.kind = low_lit.kind = Waveform::Kind::driven;
    low_lit.driven.active_low = true;
    const Interval some[] = {{-0.001, 0.002}, {0.004, 0.005}, {0.009, 0.02}};
    for (const double delay_s : {0.0, 0.0005, 0.003, 0.5}) {
        CAPTURE(delay_s);
        high_lit.driven.delay_s = low_lit.driven.delay_s = delay_s;
        for (const std::span<const Interval> high : {std::span<const Interval>(some), {}}) {
            CHECK(mean_level(high_lit, 0s, 0.01, high) + mean_level(low_lit, 0s, 0.01, high) ==
                  doctest::Approx(1));
            CHECK(mean_level(high_lit, 0s, 0, high) + mean_level(low_lit, 0s, 0, high) == 1);
            double lit_s = 0, end_s = 0;
            for (const Waveform* wave : {&high_lit, &low_lit}) {
                end_s = 0;
                for (const Interval& on : lit(wave->driven, 0.01, high)) {
                    CHECK(on.start_s >= end_s);
                    CHECK(on.end_s > on.start_s);
                    lit_s += on.end_s - on.start_s, end_s = on.end_s;
                }
                CHECK(end_s <= 0.01);
            }
            CHECK(lit_s == doctest::Approx(0.01));
        }
    }
}

TEST_CASE("two exposures in a row give what one exposure of both gives") {
    Waveform wave = flicker(50, 0.6);
    wave.flicker.depth = {0.5, 0.2, 0.1};
    wave.flicker.phase_rad = {0.3, 1, 2};
    const double both = mean_level(wave, 100ms, 0.007) * 7;
    CHECK(both == doctest::Approx(mean_level(wave, 100ms, 0.003) * 3 + mean_level(wave, 103ms, 0.004) * 4));
}

TEST_CASE("a lamp on the mains keeps its phase for as long as a clock counts") {
    Waveform wave = flicker(60, 0.5);
    wave.flicker.depth = {0.5, 0.2, 0.1};
    constexpr auto kSince1970 = 1'800'000'000s;  // as a network's clock counts: a whole number of periods
    for (std::chrono::nanoseconds time = 0ns; time < 20ms; time += 123'457ns) {
        CAPTURE(time.count());
        CHECK(mean_level(wave, kSince1970 + time, 0.002) ==
              doctest::Approx(mean_level(wave, time, 0.002)).epsilon(1e-9));
        // A nanosecond later it is a little brighter or darker, and not by a step.
        const double slope_per_ns =
            mean_level(wave, kSince1970 + time + 1ns, 0) - mean_level(wave, kSince1970 + time, 0);
        CHECK(std::abs(slope_per_ns) < 2e-6);
    }
}
