#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "emulator/isp/hue_saturation.h"
#include "tests/emulator/isp/test_mosaics.h"

using namespace test_mosaics;
using emulator::isp::hue_saturation;
using emulator::isp::kMatrixUnit;
using emulator::isp::Matrix;

namespace {

using Exact = std::array<double, 9>;

Exact product(const Exact& a, const Exact& b) {
    Exact c{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            for (std::size_t k = 0; k < 3; ++k) c[3 * row + column] += a[3 * row + k] * b[3 * k + column];
    return c;
}

/// To Y Cb Cr, turned and stretched there, and back.
Exact turned(double hue_deg, double saturation) {
    const double h = hue_deg * std::acos(-1.0) / 180, s = saturation / 64;
    const Exact forth{0.299, 0.587, 0.114,          -0.299 / 1.772, -0.587 / 1.772,
                      0.5,   0.5,   -0.587 / 1.402, -0.114 / 1.402};
    const Exact turn{1, 0, 0, 0, s * std::cos(h), -s * std::sin(h), 0, s * std::sin(h), s * std::cos(h)};
    const Exact back{1, 0, 1.402, 1, -0.114 * 1.772 / 0.587, -0.299 * 1.402 / 0.587, 1, 1.772, 0};
    return product(back, product(turn, forth));
}

Exact exact(const Matrix& matrix) {
    Exact out{};
    for (std::size_t i = 0; i < 9; ++i) out[i] = static_cast<double>(matrix.factor[i]) / kMatrixUnit;
    return out;
}

double distance(const Exact& a, const Exact& b) {
    double worst = 0;
    for (std::size_t i = 0; i < 9; ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
    return worst;
}

}  // namespace

TEST_CASE("hue turns Cb and Cr, saturation stretches them, within two steps of the matrix") {
    for (double hue = -180; hue <= 180; hue += 7.5)
        for (const double saturation : {0.0, 20.0, 64.0, 130.0, 255.0})
            CHECK(distance(exact(hue_saturation(hue, saturation)), turned(hue, saturation)) <=
                  2.0 / kMatrixUnit);
}

TEST_CASE("two turns are one turn by their sum, and a full turn is none") {
    for (const double a : {-170.0, -33.3, 12.0, 90.0})
        for (const double b : {-80.0, 5.5, 147.0})
            CHECK(distance(product(exact(hue_saturation(a, 64)), exact(hue_saturation(b, 64))),
                           exact(hue_saturation(a + b, 64))) < 10.0 / kMatrixUnit);
    CHECK(hue_saturation(180, 100) == hue_saturation(-180, 100));
    CHECK(hue_saturation(0, 64).factor[0] == kMatrixUnit);
    CHECK(distance(exact(hue_saturation(0, 64)), {1, 0, 0, 0, 1, 0, 0, 0, 1}) == 0);
}

TEST_CASE("grey stays grey to the last bit, whatever the matrix, hue and saturation") {
    std::mt19937 random(4);
    for (int i = 0; i < 40; ++i) {
        Settings settings;
        settings.hue_deg = static_cast<double>(random() % 3601) / 10 - 180;
        settings.saturation = random() % 256;
        const int grey = static_cast<int>(random() % 4096) - kBlack;
        const auto bytes = process(flat({grey, grey, grey}), settings, PixelFormat::BGR8);
        CHECK(std::ranges::all_of(bytes, [&](int byte) { return byte == (grey + kBlack) >> 4; }));
    }
}

TEST_CASE("without saturation every colour is its own grey") {
    Settings settings = plain();
    settings.saturation = 0;
    for (const Colour colour : {Colour{3000, 100, 40}, Colour{0, 3800, 0}, Colour{10, 20, 2500}}) {
        const auto bytes = process(flat(colour), settings, PixelFormat::BGR8);
        const double y = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] + kBlack;
        for (std::size_t i = 0; i < bytes.size(); i += 3) {
            CHECK((bytes[i] == bytes[i + 1] && bytes[i] == bytes[i + 2]));
            CHECK(std::abs(bytes[i] + 0.5 - y / 16) <= 0.57);
        }
    }
}

TEST_CASE("a matrix stage is within one code of the same in double precision") {
    std::mt19937 random(5);
    const emulator::isp::Span span{-kBlack, 4095 - kBlack};
    std::array<std::vector<Signal>, 3> in;
    for (auto& plane : in)
        for (int i = 0; i < 200; ++i)
            plane.push_back(static_cast<Signal>(static_cast<int>(random() % 4096) - kBlack));
    for (int i = 0; i < 40; ++i) {
        const double hue = static_cast<double>(random() % 361) - 180, saturation = random() % 256;
        const Exact m = turned(hue, saturation);
        auto out = in;
        emulator::isp::stages(scenes::light::best_isa())
            .transform(hue_saturation(hue, saturation), 200, span,
                       {out[0].data(), out[1].data(), out[2].data()});
        double worst = 0;
        for (std::size_t at = 0; at < 200; ++at)
            for (std::size_t c = 0; c < 3; ++c) {
                const double sum = m[3 * c] * in[0][at] + m[3 * c + 1] * in[1][at] + m[3 * c + 2] * in[2][at];
                worst =
                    std::max(worst, std::abs(std::clamp(sum, -1.0 * kBlack, 4095.0 - kBlack) - out[c][at]));
            }
        CHECK(worst <= 1);
    }
}

TEST_CASE("the coefficients of the matrix are sixteenths, by rows") {
    Settings settings;
    settings.matrix_16 = {0, 16, 0,   0, 0,
                          8, 32, -16, 0};  // red from green, green from half blue, blue from 2 R - G
    const auto bytes = process(flat({1000, 600, 800}), settings, PixelFormat::BGR8);
    CHECK(bytes[0] == (1400 + kBlack) >> 4);
    CHECK(bytes[1] == (400 + kBlack) >> 4);
    CHECK(bytes[2] == (600 + kBlack) >> 4);
}

TEST_CASE("the rows of the factory matrix add up to one") {
    const auto& c = emulator::isp::kFactoryCoefficients;
    for (std::size_t row = 0; row < 3; ++row) CHECK(c[3 * row] + c[3 * row + 1] + c[3 * row + 2] == 16);
}

TEST_CASE("white balance multiplies what is above black, in 1/64, and stops at full scale") {
    Settings settings = plain();
    settings.white_balance = {128, 64, 32};
    const auto raw = codes(process(flat({1000, 700, 900}), settings, PixelFormat::BayerRG16));
    CHECK(raw[0] == kBlack + 2000);
    CHECK(raw[1] == kBlack + 700);
    CHECK(raw[33] == kBlack + 450);
    CHECK(codes(process(flat({3000, 700, 900}), settings, PixelFormat::BayerRG16))[0] == 4095);
    settings.white_balance = {255, 0, 64};
    const auto dark = codes(process(flat({0, 500, 0}), settings, PixelFormat::BayerRG16));
    CHECK(std::ranges::all_of(dark, [](int code) { return code == kBlack; }));
}
