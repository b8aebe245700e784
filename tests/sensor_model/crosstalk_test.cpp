#include "sensor_model/crosstalk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "sensor_model/quantum_efficiency.h"

using namespace sensor_model;
using scenes::light::Isa;
using scenes::light::Mosaic;
using scenes::light::Rect;

namespace {

std::size_t channel_at(int x, int y) { return static_cast<std::size_t>((x & 1) + (y & 1)); }

Mosaic exchanged(const Mosaic& alone, Rect whole, const Crosstalk& given, Rect inner,
                 Isa isa = scenes::light::best_isa()) {
    Mosaic held(inner.width, inner.height);
    exchange(alone, whole, given, held, inner, isa);
    return held;
}

Mosaic even_light(Rect where, const std::array<double, 3>& of_colour) {
    Mosaic light(where.width, where.height);
    for (int y = 0; y < where.height; ++y)
        for (int x = 0; x < where.width; ++x)
            light.at(x, y) = static_cast<float>(of_colour[channel_at(where.x + x, where.y + y)]);
    return light;
}

}  // namespace

TEST_CASE("a lit pixel gives each of four neighbours the part of its colour, three times as much at 850 nm") {
    const Chip chip;
    constexpr Rect kWhole{0, 0, 64, 48};
    const std::array<double, 3> part{0.015, 0.012, 0.010};  // R, G, B
    for (const double infrared : {0.0, 1.0})
        for (const auto& place : {std::pair{30, 20}, {31, 20}, {30, 21}, {31, 21}}) {
            const int x = place.first, y = place.second;
            CAPTURE(x);
            CAPTURE(y);
            CAPTURE(infrared);
            Mosaic alone(kWhole.width, kWhole.height);
            alone.at(x, y) = 1000;
            const auto held =
                exchanged(alone, kWhole, crosstalk(chip, {infrared, infrared, infrared}), kWhole);
            const double given = 1000 * part[channel_at(x, y)] * (1 + 2 * infrared);
            double sum = 0;
            for (const float e : held.samples) sum += e;
            CHECK(sum == doctest::Approx(1000));
            CHECK(held.at(x, y) == doctest::Approx(1000 - 4 * given));
            for (const float neighbour :
                 {held.at(x - 1, y), held.at(x + 1, y), held.at(x, y - 1), held.at(x, y + 1)})
                CHECK(neighbour == doctest::Approx(given));
        }
}

TEST_CASE(
    "even light of any wavelength gives the published efficiency, crosstalk and the sensor's rim included") {
    const Chip chip;
    constexpr Rect kWhole{0, 0, 48, 32};
    for (double nm = 380; nm <= 1100; nm += 10) {
        CAPTURE(nm);
        const double infrared = nm < 700 ? 0 : 1;
        const auto held = exchanged(even_light(kWhole, efficiency_without_crosstalk(chip, nm)), kWhole,
                                    crosstalk(chip, {infrared, infrared, infrared}), kWhole);
        double worst = 0;
        for (int y = 0; y < kWhole.height; ++y)
            for (int x = 0; x < kWhole.width; ++x)
                worst = std::max(worst, std::abs(held.at(x, y) -
                                                 quantum_efficiency(static_cast<int>(channel_at(x, y)), nm)));
        CHECK(worst < 1e-6);
        for (const double alone : efficiency_without_crosstalk(chip, nm)) CHECK(alone > -0.02);
    }
}

TEST_CASE(
    "a part of the picture exchanges as the whole does, with every instruction set, and none falls below 0") {
    constexpr Rect kWhole{0, 0, 203, 57};
    Mosaic alone(kWhole.width, kWhole.height);
    for (std::size_t i = 0; i < alone.samples.size(); ++i)
        alone.samples[i] = static_cast<float>((i * 7919) % 1009) - 10;
    const auto given = crosstalk({}, {0.2, 0.3, 0.1});
    const auto whole = exchanged(alone, kWhole, given, kWhole, Isa::baseline);
    for (const float e : whole.samples) REQUIRE(e >= 0);
    for (const auto isa : scenes::light::kIsas) {
        if (!scenes::light::supported(isa)) continue;
        for (const Rect outer : {kWhole, Rect{10, 6, 101, 33}, Rect{11, 7, 40, 12}, Rect{90, 40, 3, 3}}) {
            Mosaic cut(outer.width, outer.height);
            for (int y = 0; y < outer.height; ++y)
                std::copy_n(alone.row(outer.y + y) + outer.x, outer.width, cut.row(y));
            const int rim = outer == kWhole ? 0 : 1;
            const Rect inner{outer.x + rim, outer.y + rim, outer.width - 2 * rim, outer.height - 2 * rim};
            const auto held = exchanged(cut, outer, given, inner, isa);
            bool same = true;
            for (int y = 0; y < inner.height; ++y)
                for (int x = 0; x < inner.width; ++x)
                    same = same && held.at(x, y) == whole.at(inner.x + x, inner.y + y);
            CHECK(same);
        }
    }
}
