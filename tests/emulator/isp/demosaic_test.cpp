#include <doctest/doctest.h>

#include <algorithm>

#include "tests/emulator/isp/test_mosaics.h"

using namespace test_mosaics;

namespace {

/// The filters of the paper, times 16, in double precision. `pattern` 0 green at a colour, 1 a colour at
/// green that has it beside, 2 one that has it above, 3 the opposite colour.
double filtered(const Mosaic& dn, int x, int y, int pattern) {
    static constexpr int kGreen[5][5] = {
        {0, 0, -2, 0, 0}, {0, 0, 4, 0, 0}, {-2, 4, 8, 4, -2}, {0, 0, 4, 0, 0}, {0, 0, -2, 0, 0}};
    static constexpr int kBeside[5][5] = {
        {0, 0, 1, 0, 0}, {0, -2, 0, -2, 0}, {-2, 8, 10, 8, -2}, {0, -2, 0, -2, 0}, {0, 0, 1, 0, 0}};
    static constexpr int kOpposite[5][5] = {
        {0, 0, -3, 0, 0}, {0, 4, 0, 4, 0}, {-3, 0, 12, 0, -3}, {0, 4, 0, 4, 0}, {0, 0, -3, 0, 0}};
    const auto mirrored = [](int at, int size) {
        const int inside = std::abs(at);
        return inside >= size ? 2 * (size - 1) - inside : inside;
    };
    double sum = 0;
    for (int v = 0; v < 5; ++v)
        for (int u = 0; u < 5; ++u) {
            const int weight = pattern == 0   ? kGreen[v][u]
                               : pattern == 1 ? kBeside[v][u]
                               : pattern == 2 ? kBeside[u][v]
                                              : kOpposite[v][u];
            sum += weight * (dn.at(mirrored(x + u - 2, dn.width), mirrored(y + v - 2, dn.height)) - kBlack);
        }
    return std::clamp(sum / 16, -1.0 * kBlack, 4095.0 - kBlack);
}

double expected(const Mosaic& dn, int x, int y, int colour) {
    const int here = colour_at(x, y);
    if (here == colour) return dn.at(x, y) - kBlack;
    if (colour == 1) return filtered(dn, x, y, 0);
    if (here != 1) return filtered(dn, x, y, 3);
    return filtered(dn, x, y, (colour == 0) == (y % 2 == 0) ? 1 : 2);
}

}  // namespace

TEST_CASE("the demosaic is the filter of Malvar, He and Cutler, rounded to the nearest code, of any mosaic") {
    const auto dn = noise(96, 34, 1);
    const auto planes = demosaiced(dn);
    double worst = 0;
    for (int c = 0; c < 3; ++c)
        for (int y = 0; y < dn.height; ++y)
            for (int x = 0; x < dn.width; ++x)
                worst = std::max(
                    worst, std::abs(planes[static_cast<std::size_t>(c)].at(x, y) - expected(dn, x, y, c)));
    CHECK(worst <= 0.5);
}

TEST_CASE("the demosaic keeps every constant colour exactly, up to the borders") {
    std::mt19937 random(2);
    for (int i = 0; i < 50; ++i) {
        const auto level = [&] { return static_cast<int>(random() % 4096) - kBlack; };
        const Colour colour{level(), level(), level()};
        const auto planes = demosaiced(flat(colour, 32, 2 + 2 * (i % 4)));
        for (std::size_t c = 0; c < 3; ++c)
            CHECK(std::ranges::all_of(planes[c].samples, [&](int signal) { return signal == colour[c]; }));
    }
}

TEST_CASE("the demosaic keeps linear ramps exactly, each colour with its own slope") {
    const auto ramp = [](int colour, int x, int y) {
        return colour == 0 ? 3 * x + 7 * y : colour == 1 ? 3000 - 9 * x - 11 * y : 500 + 5 * x - 2 * y;
    };
    const auto planes = demosaiced(mosaic(64, 48, ramp));
    for (int c = 0; c < 3; ++c)
        for (int y = 2; y < 46; ++y)
            for (int x = 2; x < 62; ++x) CHECK(planes[static_cast<std::size_t>(c)].at(x, y) == ramp(c, x, y));
}

TEST_CASE("where a colour was measured, the colour formats have it as it is") {
    const auto dn = noise(64, 16, 3);
    const auto bgr = process(dn, plain(), PixelFormat::BGR8);
    const auto raw = process(dn, plain(), PixelFormat::BayerRG8);
    for (int y = 0; y < dn.height; ++y)
        for (int x = 0; x < dn.width; ++x) {
            const auto at = static_cast<std::size_t>(y * dn.width + x);
            CHECK(bgr[3 * at + 2 - static_cast<std::size_t>(colour_at(x, y))] == raw[at]);
        }
}
