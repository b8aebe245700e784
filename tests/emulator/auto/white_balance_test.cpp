#include <doctest/doctest.h>

#include "tests/emulator/auto/simulated_scene.h"

using namespace simulated_scene;
using emulator::auto_functions::measure;
using emulator::isp::WhiteBalance;

namespace {

/// Electrons of a grey card in red, green and blue, for lamps from candle light to blue sky.
constexpr std::array<double, 3> kLamps[] = {
    {1440.1, 1479.0, 380.6}, {1066.7, 1642.3, 730.8}, {969.3, 1702.0, 923.6},  {997.1, 1501.3, 544.7},
    {931.1, 1660.0, 871.9},  {1093.4, 1469.9, 518.8}, {1517.7, 1365.9, 272.1}, {1589.2, 1334.3, 139.7},
    {1426.5, 1423.1, 314.1}, {882.6, 1563.0, 783.9},  {1765.8, 1543.8, 371.0}, {877.9, 1778.5, 1204.1}};

std::array<double, 3> balanced(const std::array<double, 3>& colour, const WhiteBalance& gains) {
    return {colour[0] * gains.red_64, colour[1] * gains.green_64, colour[2] * gains.blue_64};
}

double tint(const std::array<double, 3>& colour) {
    return *std::ranges::max_element(colour) / *std::ranges::min_element(colour) - 1;
}

/// Grey blotches under a lamp, as a camera sees them.
Statistics seen(const std::array<double, 3>& lamp, double exposure_us, std::uint32_t seed) {
    std::mt19937 random(seed);
    return measure(
        scene(100'000, 2, seed, {lamp[0] / lamp[1], 1, lamp[2] / lamp[1]}).expose({exposure_us}, 32, random),
        kAll, kBlack, {});
}

}  // namespace

TEST_CASE(
    "grey world brings grey to within 2 % under every lamp, from any start, in 20 frames, and rests there") {
    std::mt19937 random(31);
    for (const auto& lamp : kLamps) {
        BalanceState state;
        for (int* gain : {&state.gains.red_64, &state.gains.green_64, &state.gains.blue_64})
            *gain = static_cast<int>(random() % 256);
        WhiteBalance before;
        for (std::uint32_t frame = 0; frame < 40; ++frame) {
            before = state.gains;
            state = next(state, seen(lamp, 15'000, random()), {});
            if (frame >= 20) CHECK(tint(balanced(lamp, state.gains)) <= 0.02);
            if (frame >= 30) CHECK(state.gains == before);
        }
        const auto& gains = state.gains;
        CHECK(std::max({gains.red_64, gains.green_64, gains.blue_64}) <= 255);
        CHECK(std::min({gains.red_64, gains.green_64, gains.blue_64}) <= 64);
    }
}

TEST_CASE("grey world goes by what is nearly grey, where that is 8 % of the picture, else by all of it") {
    const auto& lamp = kLamps[2];
    const std::array<double, 3> leaves{0.4 * lamp[0], lamp[1], 0.3 * lamp[2]};
    const auto expose = [&](int grey_quads) {
        Mosaic dn(64, 48);
        for (int y = 0; y < dn.height; ++y)
            for (int x = 0; x < dn.width; ++x) {
                const auto& colour = y / 2 * 32 + x / 2 < grey_quads ? lamp : leaves;
                dn.at(x, y) =
                    static_cast<std::uint16_t>(kBlack + colour[static_cast<std::size_t>(x % 2 + y % 2)]);
            }
        return dn;
    };
    const auto balanced_to = [&](int grey_quads) {
        BalanceState state;
        state.gains = proportional({1.1 / lamp[0], 1 / lamp[1], 0.9 / lamp[2]});  // another lamp, not far off
        for (int frame = 0; frame < 40; ++frame)
            state = next(state, measure(expose(grey_quads), kAll, kBlack, state.gains), {});
        return state.gains;
    };
    // Of 768 quads: 8.07 % and 7.94 %.
    CHECK(tint(balanced(lamp, balanced_to(62))) <= 0.02);
    CHECK(tint(balanced(lamp, balanced_to(61))) > 0.5);
    CHECK(tint(balanced(lamp, balanced_to(768))) <= 0.02);
    CHECK(tint(balanced(leaves, balanced_to(0))) <= 0.02);
}

TEST_CASE(
    "what is nearly grey is within a quarter of its brightness, neither dark nor white, as it is balanced") {
    const auto grey_share = [](const std::array<int, 3>& colour, const WhiteBalance& gains) {
        Mosaic dn(16, 16);
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 16; ++x)
                dn.at(x, y) =
                    static_cast<std::uint16_t>(kBlack + colour[static_cast<std::size_t>(x % 2 + y % 2)]);
        return measure(dn, kAll, kBlack, gains).grey_share;
    };
    CHECK(grey_share({1000, 1000, 1000}, {}) == 1);
    CHECK(grey_share({1300, 1000, 1000}, {}) == 1);
    CHECK(grey_share({1000, 1000, 700}, {}) == 0);
    CHECK(grey_share({1000, 1000, 760}, {}) == 1);
    CHECK(grey_share({500, 1000, 500}, {}) == 0);
    CHECK(grey_share({500, 1000, 500}, {128, 64, 128}) == 1);
    CHECK(grey_share({1000, 1000, 1000}, {128, 64, 128}) == 0);
    CHECK(grey_share({150, 150, 150}, {}) == 0);
    CHECK(grey_share({165, 165, 165}, {}) == 1);
    CHECK(grey_share({2100, 2100, 2100}, {128, 128, 128}) == 0);
    CHECK(grey_share({2000, 2000, 2000}, {128, 128, 128}) == 1);
}

TEST_CASE("the smallest gain is 1, unless the largest would leave the range") {
    CHECK(proportional({2, 1, 1.5}) == WhiteBalance{128, 64, 96});
    const auto far = proportional({1, 1.2, 8});
    CHECK(far.blue_64 <= 255);
    CHECK(far.blue_64 >= 200);
    CHECK(far.red_64 < 64);
    CHECK(far.blue_64 / static_cast<double>(far.red_64) == doctest::Approx(8).epsilon(0.02));
}

TEST_CASE("once ends as soon as the channels are balanced, and continuous never does") {
    for (const auto automatic : {BalanceAuto::once, BalanceAuto::continuous}) {
        BalanceState state;
        int ended = 0;
        for (std::uint32_t frame = 0; frame < 20; ++frame) {
            state = next(state, seen(kLamps[0], 15'000, frame), {.automatic = automatic});
            if (!state.done) continue;
            ++ended;
            CHECK(tint(balanced(kLamps[0], state.gains)) <= 0.02);
        }
        CHECK((ended > 0) == (automatic == BalanceAuto::once));
    }
}

TEST_CASE("the brightness ratio of other gains is computed") {
    const Scene grey = scene(100'000, 2, 1, {0.6, 1, 0.5});
    const WhiteBalance before, after{106, 64, 128};
    std::mt19937 random(1);
    const auto made = grey.expose({15'000}, 32, random);
    const auto plain = measure(made, kAll, kBlack, before), balanced = measure(made, kAll, kBlack, after);
    const double black = kBlack / 16.0 - 0.5;  // codes are cut to 8 bits
    CHECK(rebalanced(plain, before, after) ==
          doctest::Approx((balanced.brightness - black) / (plain.brightness - black)).epsilon(0.01));
    CHECK(rebalanced(plain, after, after) == 1);
}

TEST_CASE("off, and a frame that shows nothing, leave the gains alone") {
    BalanceState state;
    state.gains = {100, 64, 120};
    CHECK(next(state, seen(kLamps[0], 15'000, 1), {.automatic = BalanceAuto::off}).gains == state.gains);
    CHECK(next(state, seen(kLamps[0], 1, 1), {}).gains == state.gains);    // dark
    CHECK(next(state, seen(kLamps[0], 5e6, 1), {}).gains == state.gains);  // clipped
}

TEST_CASE(
    "temperature mode finds the lamp, within the range of its preset, and does not tint grey on the curve") {
    const std::array<double, 3> daylight{969.3, 1702.0, 923.6};  // 6500 K
    BalanceState state;
    state.temperature_k = 3000;
    for (std::uint32_t frame = 0; frame < 20; ++frame)
        state = next(state, seen(daylight, 15'000, frame), {.mode = BalanceMode::temperature});
    CHECK(std::abs(state.temperature_k - 6500) <= 200);
    CHECK(tint(balanced(daylight, state.gains)) <= 0.04);
    for (const auto preset : {BalancePreset::warm_white, BalancePreset::cool_white, BalancePreset::daylight,
                              BalancePreset::deep_shade}) {
        const auto range = range_of(preset);
        for (const auto& lamp : kLamps) {
            const auto limited =
                next({}, seen(lamp, 15'000, 1), {.mode = BalanceMode::temperature, .preset = preset});
            CHECK((limited.temperature_k >= range.lowest_k && limited.temperature_k <= range.highest_k));
        }
    }
    const auto warm = next({}, seen(daylight, 15'000, 1),
                           {.mode = BalanceMode::temperature, .preset = BalancePreset::warm_white});
    CHECK(warm.temperature_k == 4000);
}

TEST_CASE(
    "the warmer the light is said to be, the more blue and the less red is added, all within the range") {
    WhiteBalance before = balance_for_temperature(2500);
    for (int k = 2600; k <= 10'000; k += kTemperatureStep_k) {
        const auto gains = balance_for_temperature(k);
        CHECK(gains.blue_64 * before.red_64 <= gains.red_64 * before.blue_64 * 1.02);
        CHECK((gains.blue_64 <= 255 && gains.red_64 <= 255 && gains.green_64 <= 80));
        before = gains;
    }
    CHECK(balance_for_temperature(6000) == WhiteBalance{108, 64, 125});
}
