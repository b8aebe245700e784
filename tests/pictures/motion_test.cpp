#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>
#include <numeric>

#include "tests/support/measure_bench.h"

using namespace measure;
using std::numbers::pi;

namespace {

emulator::Time seconds(double s) { return emulator::Time(std::llround(s * 1e9)); }

/// The mean of each column's green pixels above the ground, which the outermost columns show.
std::vector<double> profile_of(const Picture& picture) {
    constexpr int kGround_px = 100;
    std::vector<double> sum(static_cast<std::size_t>(picture.width()));
    double ground = 0;
    for (int x = 0; x < picture.width(); ++x) {
        double& column = sum[static_cast<std::size_t>(x)];
        for (int y = 0; y < picture.height(); ++y) {
            if (picture.channel(x, y) == 1) column += picture.dn.at(x, y) / (picture.height() / 2.0);
        }
        if (x < kGround_px || x >= picture.width() - kGround_px) ground += column / (2 * kGround_px);
    }
    for (double& column : sum) column -= ground;
    return sum;
}

/// Full width at half maximum of a bright bar, the maximum as the mean about its middle.
double width_px(const std::vector<double>& profile) {
    double weight = 0, moment = 0;
    for (std::size_t x = 0; x < profile.size(); ++x) {
        weight += profile[x], moment += profile[x] * static_cast<double>(x);
    }
    const auto middle = static_cast<std::size_t>(moment / weight);
    double half = 0;
    for (std::size_t x = middle - 3; x <= middle + 3; ++x) half += profile[x] / 14;
    const auto crossing = [&](int step) {
        auto x = static_cast<int>(middle);
        const auto at = [&](int i) { return profile[static_cast<std::size_t>(i)]; };
        while (at(x) > half) x += step;
        return x - step * (half - at(x)) / (at(x - step) - at(x));
    };
    return crossing(1) - crossing(-1);
}

/// The mean brightness of frames at an even rate, less the mean of all.
std::vector<double> brightness(Bench& bench, int frames, double frame_rate_hz) {
    std::vector<double> series;
    double mean = 0;
    for (int i = 0; i < frames; ++i) {
        series.push_back(mean_dn(bench.shoot(seconds(i / frame_rate_hz)), 1) - 240);
        mean += series.back() / frames;
    }
    for (double& value : series) value = value / mean - 1;
    return series;
}

/// The strongest frequency in a series, and how strong: a discrete transform at fine steps.
struct Tone {
    double frequency_hz = 0, amplitude = 0;
};
Tone strongest(const std::vector<double>& series, double rate_hz) {
    Tone best;
    for (double hz = 0.5; hz < rate_hz / 2; hz += 0.02) {
        std::complex<double> sum;
        for (std::size_t i = 0; i < series.size(); ++i) {
            sum += series[i] * std::polar(2.0 / static_cast<double>(series.size()),
                                          -2 * pi * hz * static_cast<double>(i) / rate_hz);
        }
        if (std::abs(sum) > best.amplitude) best = {hz, std::abs(sum)};
    }
    return best;
}

}  // namespace

TEST_CASE("a bar that moves v pixels per millisecond is smeared over v t pixels, within 2 %") {
    // A bar of 4 mm passes the axis at 0.1 s, 2.5 m away.
    Bench bench(scene_of(R"({
        "light": {"illuminance_lx": 1500}, "background": {"reflectance": 0.02, "distance_m": 2.5},
        "items": [{"name": "bar", "kind": "uniform", "reflectance": 0.8, "size_m": [0.004, 0.5],
                   "position_m": [-0.2, 0, 2.49], "velocity_m_s": [2, 0, 0]}]})"));
    bench.settings.lens = {.zoom = 500};
    bench.focus_at(2.5);
    bench.aim_at_axis(720, 64);
    const double v_px_per_ms = 2 * 19e-3 / (3.45e-6 * 2.49) / 1000;
    for (const double time_ms : {5.0, 12.5, 25.0, 50.0}) {
        CAPTURE(time_ms);
        bench.settings.exposure.time_us = 1000 * time_ms;
        const Picture picture = bench.shoot(seconds(0.1 - time_ms / 2000));
        const double smear_px = width_px(profile_of(picture));
        MESSAGE(time_ms << " ms: smeared over " << smear_px << " px of " << v_px_per_ms * time_ms);
        CHECK(smear_px == doctest::Approx(v_px_per_ms * time_ms).epsilon(0.02));
    }
}

TEST_CASE("a strobe of 20 us within 10 ms freezes what a steady lamp of the same energy smears") {
    // A bar of 4 mm at 5 m/s: 8.8 px wide, and 11 px farther each millisecond.
    const auto bench = [](const std::string& lamp) {
        auto made = std::make_unique<Bench>(scene_of(R"({"light": {)" + lamp + R"(},
            "background": {"reflectance": 0.02, "distance_m": 2.5},
            "items": [{"name": "bar", "kind": "uniform", "reflectance": 0.8, "size_m": [0.004, 0.5],
                       "position_m": [0, 0, 2.49], "velocity_m_s": [5, 0, 0]}]})"));
        made->settings.lens = {.zoom = 500};
        made->focus_at(2.5);
        made->aim_at_axis(960, 64);
        made->settings.exposure.time_us = 10'000;
        return made;
    };
    const double bar_px = 0.004 * 19e-3 / (3.45e-6 * 2.49), v_px_per_ms = 5 * 19e-3 / (3.45e-6 * 2.49) / 1000;
    const auto steady = bench(R"("illuminance_lx": 400)");
    const auto strobe = bench(R"("illuminance_lx": 200000, "line": {})");
    strobe->strobe_high = {{0.005, 0.00502}};
    const Picture smeared = steady->shoot(seconds(-0.005)), frozen = strobe->shoot(seconds(-0.005));

    const double steady_px = width_px(profile_of(smeared)), strobe_px = width_px(profile_of(frozen));
    MESSAGE("steady: " << steady_px << " px of " << v_px_per_ms * 10 << "; strobe: " << strobe_px << " px of "
                       << bar_px << ", while it moves by " << v_px_per_ms * 0.02);
    CHECK(steady_px == doctest::Approx(v_px_per_ms * 10).epsilon(0.02));
    CHECK(strobe_px == doctest::Approx(bar_px).epsilon(0.05));
    const auto energy = [](const Picture& picture) {
        const auto profile = profile_of(picture);
        return std::accumulate(profile.begin(), profile.end(), 0.0);
    };
    CHECK(energy(frozen) == doctest::Approx(energy(smeared)).epsilon(0.02));

    SUBCASE("a pulse that begins before the exposure or outlasts it counts as far as it is within") {
        for (const scenes::light::Interval pulse : {scenes::light::Interval{-1, 0.00002}, {0.00998, 2}}) {
            strobe->strobe_high = {pulse};
            CHECK(energy(strobe->shoot(seconds(-0.005))) == doctest::Approx(energy(frozen)).epsilon(0.02));
        }
        strobe->strobe_high = {{-0.01, 0}, {0.01, 0.02}};
        CHECK(std::abs(energy(strobe->shoot(seconds(-0.005)))) < 0.01 * energy(frozen));
    }
    SUBCASE("each pulse gives an image of its own, where the thing is then") {
        strobe->strobe_high = {{0.002, 0.00202}, {0.008, 0.00802}};
        const auto profile = profile_of(strobe->shoot(seconds(-0.005)));
        const double brightest = *std::max_element(profile.begin(), profile.end());
        const auto half = static_cast<std::ptrdiff_t>(profile.size() / 2);
        const auto centre = [&](std::ptrdiff_t first, std::ptrdiff_t last) {
            double weight = 0, moment = 0;
            for (auto x = first; x < last; ++x) {
                const double light = profile[static_cast<std::size_t>(x)];
                if (light < brightest / 4) continue;  // noise of the ground
                weight += light, moment += light * static_cast<double>(x);
            }
            return moment / weight;
        };
        CHECK(centre(half, 2 * half) - centre(0, half) == doctest::Approx(6 * v_px_per_ms).epsilon(0.01));
        CHECK(std::accumulate(profile.begin(), profile.end(), 0.0) ==
              doctest::Approx(2 * energy(frozen)).epsilon(0.02));
    }
}

TEST_CASE("100 Hz flicker vanishes at 10 ms and beats at the aliased frequency otherwise") {
    Bench bench("flat_field",
                {"light.flicker={\"mains_hz\": 50, \"depth\": [0.3]}", "light.illuminance_lx=500"});
    bench.aim_at_axis(528, 64);
    constexpr int kFrames = 150;
    for (const double frame_rate_hz : {36.09, 30.4}) {
        CAPTURE(frame_rate_hz);
        const double alias_hz =
            std::abs(100 - frame_rate_hz * std::round(100 / frame_rate_hz));  // of twice the mains

        bench.settings.exposure.time_us = 10'000;
        for (const double level : brightness(bench, 30, frame_rate_hz)) CHECK(std::abs(level) < 0.001);

        bench.settings.exposure.time_us = 4'000;
        const Tone tone = strongest(brightness(bench, kFrames, frame_rate_hz), frame_rate_hz);
        const double weakened = 0.3 * std::sin(pi * 0.4) / (pi * 0.4);
        MESSAGE("at " << frame_rate_hz << " fps it beats at " << tone.frequency_hz << " Hz (" << alias_hz
                      << "), by " << tone.amplitude << " (" << weakened << ")");
        CHECK(std::abs(tone.frequency_hz - alias_hz) < 0.05);
        CHECK(tone.amplitude == doctest::Approx(weakened).epsilon(0.02));
    }
}

TEST_CASE(
    "phosphors that lag by a millisecond or two turn the colour of frames with the phase of the mains") {
    Bench bench("flat_field", {"light.flicker={\"mains_hz\": 50, \"depth\": [0.3], \"lag_ms\": [2, 1, 0]}",
                               "light.illuminance_lx=500"});
    bench.aim_at_axis(528, 64);
    bench.settings.exposure.time_us = 2'000;
    const double weakened = 0.3 * std::sin(pi * 0.2) / (pi * 0.2);
    const auto level = [&](int channel, double middle_s) {
        const double lag_s = 0.002 - 0.001 * channel;
        return 1 + weakened * std::cos(2 * pi * 100 * (middle_s - lag_s));
    };
    for (const double start_s : {0.0, 0.0025, 0.005, 0.0075}) {
        CAPTURE(start_s);
        const Picture now = bench.shoot(seconds(start_s)), later = bench.shoot(seconds(start_s + 0.004));
        for (const int channel : {0, 1, 2}) {
            CAPTURE(channel);
            const double ratio = (mean_dn(now, channel) - 240) / (mean_dn(later, channel) - 240);
            CHECK(ratio == doctest::Approx(level(channel, start_s + 0.001) / level(channel, start_s + 0.005))
                               .epsilon(0.01));
        }
    }
}

TEST_CASE("cameras of other seeds see the same moment of a scene when their clocks read the same") {
    constexpr emulator::Time kSince1970{1'800'000'000'123'456'789};
    emulator::Profile one, other;
    other.seed = 2;
    Bench left("conveyor", {}, one), right("conveyor", {}, other);
    left.aim_at_axis(1024, 256);
    right.aim_at_axis(1024, 256);
    const auto difference = [](const Picture& a, const Picture& b) {
        const auto from = profile_of(a), to = profile_of(b);
        double sum = 0;
        for (std::size_t x = 0; x < from.size(); ++x) sum += std::abs(from[x] - to[x]);
        return sum / static_cast<double>(from.size());
    };
    const Picture here = left.shoot(kSince1970);
    const double same = difference(here, right.shoot(kSince1970));
    const double late = difference(here, right.shoot(kSince1970 + emulator::Time(5'000'000)));
    MESSAGE("columns differ by " << same << " DN, and by " << late << " DN after 5 ms");
    CHECK(late > 20 * same);
}
