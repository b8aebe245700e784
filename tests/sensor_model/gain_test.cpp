#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "sensor_model/gain.h"
#include "tests/sensor_model/even_light.h"

using namespace even_light;
using sensor_model::Chip;

namespace {

/// The part of the codes between the first and the last percent of the pixels that no pixel has.
double gaps(const sensor_model::RawFrame& frame) {
    auto sorted = frame.dn.samples;
    std::sort(sorted.begin(), sorted.end());
    const auto begin = sorted.begin() + static_cast<long>(sorted.size() / 100);
    const auto end = sorted.end() - static_cast<long>(sorted.size() / 100) - 1;
    const std::set<std::uint16_t> codes(begin, end);
    return 1 - static_cast<double>(codes.size()) / (*codes.rbegin() - *codes.begin() + 1);
}

}  // namespace

TEST_CASE("every gain from 0 to 48 dB is what it says within 0.05 dB") {
    // Fifteen electrons reach a third of full scale at 48 dB; the same light at every gain.
    const auto signal_dn = [](double gain_db) {
        Shot bright{.electrons = 15, .pattern = even_pattern()};
        bright.settings.gain_db = gain_db;
        bright.settings.black_level_dn = 1600;
        Shot dark = bright;
        dark.electrons = 0;
        return moments(take(bright, 0)).mean - moments(take(dark, 1)).mean;
    };
    const double none = signal_dn(0);
    for (const double gain_db : {0.1, 3.0, 6.0, 12.0, 18.0, 23.9, 24.0, 24.1, 27.0, 30.0, 36.0, 42.0, 48.0}) {
        CAPTURE(gain_db);
        CHECK(std::abs(20 * std::log10(signal_dn(gain_db) / none) - gain_db) < 0.05);
    }
}

TEST_CASE("up to 24 dB the histogram has no gaps, and above it has those of the digital factor") {
    for (const double gain_db : {0.0, 12.0, 24.0, 30.0, 36.0}) {
        CAPTURE(gain_db);
        Shot shot{.electrons = 100};
        shot.settings.gain_db = gain_db;
        const double factor = std::pow(10, std::max(0.0, gain_db - 24) / 20);
        CHECK(gaps(take(shot)) == doctest::Approx(1 - 1 / factor).epsilon(0.03));
    }
}

TEST_CASE("read noise falls with analog gain as published, and no further with digital gain") {
    for (const auto& [gain_db, noise_e] :
         {std::pair{0.0, 2.10}, {6.0, 1.84}, {12.0, 1.77}, {24.0, 1.75}, {30.0, 1.75}}) {
        Shot shot;
        shot.settings.gain_db = gain_db;
        shot.settings.black_level_dn = 1000;
        const double factor = std::pow(10, gain_db / 20),
                     digital = std::pow(10, std::max(0.0, gain_db - 24) / 20);
        const double variance = temporal(shot).variance - digital * digital / 12;
        CHECK(std::sqrt(variance) / (0.357 * factor) == doctest::Approx(noise_e).epsilon(0.02));
    }
}

TEST_CASE("the ADC is full at fewer electrons the more gain there is") {
    for (const auto& [gain_db, full_e] :
         {std::pair{6.0, 5412.0}, {12.0, 2712.0}, {24.0, 681.0}, {36.0, 171.0}}) {
        Shot shot{.electrons = full_e, .pattern = even_pattern()};
        shot.chip.nonlinearity = 0;
        shot.settings.gain_db = gain_db;
        const auto& dn = take(shot).dn.samples;
        const auto full = static_cast<double>(std::count(dn.begin(), dn.end(), 4095));
        // Half of the pixels are above the mean.
        CHECK(full / static_cast<double>(dn.size()) == doctest::Approx(0.5).epsilon(0.08));
    }
}

TEST_CASE("black level moves every pixel by as much as it is changed") {
    Shot shot{.electrons = 1000};
    const auto before = take(shot).dn.samples;
    shot.settings.black_level_dn += 760;
    const auto after = take(shot).dn.samples;
    // A code that lay on the edge may fall to the other side.
    CHECK(std::equal(before.begin(), before.end(), after.begin(),
                     [](int a, int b) { return std::abs(b - a - 760) <= 1; }));
    CHECK(std::abs(moments(after).mean - moments(before).mean - 760) < 0.001);
}

TEST_CASE("a black level of zero cuts off half of the noise") {
    Shot shot{.pattern = even_pattern()};
    shot.settings.gain_db = 24;
    shot.settings.black_level_dn = 0;
    const auto dn = take(shot).dn.samples;
    const auto zeros = static_cast<double>(std::count(dn.begin(), dn.end(), 0));
    CHECK(zeros / static_cast<double>(dn.size()) == doctest::Approx(0.5).epsilon(0.04));
}
