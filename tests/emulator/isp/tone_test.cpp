#include <doctest/doctest.h>

#include <algorithm>

#include "tests/emulator/isp/test_mosaics.h"

using namespace test_mosaics;
using namespace emulator::isp;

TEST_CASE("the identity table and a gamma of 1 change no code") {
    const auto curve = tone_curve(identity_lut());
    for (std::size_t code = 0; code < curve.size(); ++code) CHECK(curve[code] == code);
    CHECK(gamma_lut(1) == identity_lut());
}

TEST_CASE("the upper 8 bits choose a knot, and the rest goes straight to the next") {
    Lut lut{};
    for (std::size_t i = 0; i < lut.size(); ++i) lut[i] = static_cast<std::uint16_t>((i * 7919) % 65536);
    const auto curve = tone_curve(lut);
    for (std::size_t code = 0; code < curve.size(); ++code) {
        const std::size_t knot = code / 16;
        const double exact = lut[knot] + (lut[knot + 1] - lut[knot]) * static_cast<double>(code % 16) / 16;
        CHECK(std::abs(curve[code] - std::min(exact / 16, 4095.0)) <= 0.5);
    }
    CHECK(curve[4095] == (lut[255] + 15 * lut[256] + 128) / 256);  // the last knot is where the end goes to
}

TEST_CASE("gamma is a power law at the knots, from black to white, and above 1 is brighter") {
    for (const double gamma : {0.01, 0.45, 0.8, 1.5, 2.2, 5.0}) {
        const auto lut = gamma_lut(gamma);
        for (std::size_t i = 0; i < 256; ++i)
            CHECK(std::abs(lut[i] - 65535 * std::pow(static_cast<double>(i) * 256 / 65535, 1 / gamma)) <=
                  0.5 + 1e-6);
        CHECK((lut[0] == 0 && lut[256] == 65535));
        CHECK(std::ranges::is_sorted(lut));
        CHECK((gamma > 1) == (lut[128] > 128 * 256));
    }
}

TEST_CASE("two gammas that are each other's inverse leave the picture within two codes of 8 bits") {
    const auto there = tone_curve(gamma_lut(2)), back = tone_curve(gamma_lut(0.5));
    for (std::size_t code = 64; code < 4096; ++code)
        CHECK(std::abs(back[there[code]] - static_cast<int>(code)) <= 32);
}

TEST_CASE("a look-up table acts on the codes that are sent, and switches gamma off") {
    Settings settings = plain();
    settings.lut_enabled = true;
    for (std::size_t i = 0; i < 257; ++i)
        settings.lut[i] = static_cast<std::uint16_t>(65535 - identity_lut()[i]);
    const auto dn = noise(32, 8, 6);
    const auto raw = codes(process(dn, settings, PixelFormat::BayerRG16));
    for (std::size_t i = 0; i < raw.size(); ++i) CHECK(std::abs(raw[i] + dn.samples[i] - 4095) <= 1);
    const auto bgr = process(dn, settings, PixelFormat::BGR8);
    settings.gamma = 3;
    CHECK(process(dn, settings, PixelFormat::BGR8) == bgr);
    settings.lut.fill(0x7531);
    for (const auto format : {PixelFormat::BayerRG8, PixelFormat::BGR8})
        CHECK(std::ranges::all_of(process(dn, settings, format), [](int byte) { return byte == 0x75; }));
}

TEST_CASE("in YUV formats gamma and the table act on Y and leave Cb and Cr as they are") {
    const auto dn = noise(64, 8, 7);
    Settings toned = plain();
    toned.gamma = 2.2;
    const auto before = process(dn, plain(), PixelFormat::YUV422_8),
               after = process(dn, toned, PixelFormat::YUV422_8);
    const auto curve = tone_curve(gamma_lut(2.2));
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (i % 2 == 1) {
            CHECK(before[i] == after[i]);
        } else {
            CHECK(after[i] >= curve[before[i] * 16U] >> 4);
            CHECK(after[i] <= curve[before[i] * 16U + 15] >> 4);
        }
    }
}

TEST_CASE("gamma acts alike on raw and on colour") {
    Settings settings = plain();
    settings.gamma = 1.8;
    const auto grey = flat({900, 900, 900});
    const auto bgr = process(grey, settings, PixelFormat::BGR8),
               raw = process(grey, settings, PixelFormat::BayerRG8);
    CHECK(std::ranges::all_of(bgr, [&](int byte) { return byte == raw[0]; }));
    CHECK(raw[0] == tone_curve(gamma_lut(1.8))[900 + kBlack] >> 4);
}
