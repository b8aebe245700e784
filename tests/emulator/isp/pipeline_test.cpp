#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "tests/emulator/isp/test_mosaics.h"

using namespace test_mosaics;

namespace {

Settings any_settings(std::mt19937& random) {
    const auto below = [&](std::uint32_t n) { return static_cast<int>(random() % n); };
    Settings settings;
    settings.white_balance = {below(256), below(256), below(256)};
    settings.matrix_enabled = below(2) == 1;
    for (auto& coefficient : settings.matrix_16) coefficient = static_cast<std::int8_t>(below(127) - 63);
    settings.hue_deg = below(2) ? below(361) - 180 : 0;
    settings.saturation = below(2) ? below(256) : 64;
    settings.gamma = below(2) ? 0.01 + below(499) * 0.01 : 1;
    settings.lut_enabled = below(3) == 0;
    for (auto& knot : settings.lut) knot = static_cast<std::uint16_t>(below(65536));
    settings.black_level_dn = below(4) ? kBlack : below(4096);
    return settings;
}

/// Of the samples of one colour of a BayerRG16 image: 0 red, 1 and 2 green, 3 blue.
double deviation(const protocol::Bytes& raw16, std::size_t width, std::size_t parity) {
    const auto all = codes(raw16);
    double sum = 0, squares = 0, count = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i % width % 2 + 2 * (i / width % 2) != parity) continue;
        sum += all[i], squares += double(all[i]) * all[i], ++count;
    }
    return std::sqrt(squares / count - sum / count * sum / count);
}

/// Hue and saturation at both ends, in the middle and next to their defaults.
std::vector<Settings> off_their_defaults() {
    std::vector<Settings> all;
    for (const double hue : {-180.0, -90.0, -1.0, 0.0, 1.0, 90.0, 180.0})
        for (const double saturation : {0.0, 1.0, 63.0, 64.0, 65.0, 128.0, 255.0}) {
            if (hue == 0 && saturation == 64) continue;
            all.emplace_back();
            all.back().hue_deg = hue;
            all.back().saturation = saturation;
        }
    return all;
}

struct Named {
    Colour rgb;                // as signals that end at 4095
    std::array<int, 3> ycbcr;  // of JFIF
};

// Full-range values of BT.601, rounded.
const Named kNamed[] = {{{4095, 4095, 4095}, {255, 128, 128}}, {{0, 0, 0}, {0, 128, 128}},
                        {{4095, 0, 0}, {76, 85, 255}},         {{0, 4095, 0}, {150, 44, 21}},
                        {{0, 0, 4095}, {29, 255, 107}},        {{4095, 4095, 0}, {226, 1, 149}},
                        {{0, 4095, 4095}, {179, 171, 1}},      {{4095, 0, 4095}, {105, 212, 235}}};

}  // namespace

TEST_CASE("with nothing set, raw formats are the codes of the sensor") {
    const auto dn = noise(64, 32, 8);
    for (const auto format : kFormats)
        if (protocol::gvsp::is_raw(format)) CHECK(process(dn, {}, format) == emulator::isp::pack(dn, format));
    CHECK(codes(process(dn, {}, PixelFormat::BayerRG16)) ==
          std::vector<int>(dn.samples.begin(), dn.samples.end()));
}

TEST_CASE("the long way round changes no raw code either") {
    const auto dn = noise(64, 32, 9);
    Settings settings;
    settings.lut_enabled = true;  // the identity
    for (const auto format : kFormats)
        if (protocol::gvsp::is_raw(format))
            CHECK(process(dn, settings, format) == emulator::isp::pack(dn, format));
}

TEST_CASE("every instruction set gives the same bytes, in every format, with any settings and width") {
    std::mt19937 random(10);
    for (int i = 0; i < 40; ++i) {
        const auto dn = noise(16 * (1 + static_cast<int>(random() % 21)), 6, random());
        const auto settings = any_settings(random);
        for (const auto format : kFormats) {
            const auto bytes = process(dn, settings, format, Isa::baseline);
            CHECK(bytes.size() ==
                  protocol::gvsp::image_bytes(format, static_cast<std::uint32_t>(dn.width), 6));
            for (const auto isa : scenes::light::kIsas)
                if (scenes::light::supported(isa)) CHECK(process(dn, settings, format, isa) == bytes);
        }
    }
}

TEST_CASE("named colours have the YUV values of BT.601 at full range, within one") {
    Settings settings = plain();
    settings.black_level_dn = 0;
    for (const auto& [rgb, expected] : kNamed) {
        auto dn = flat(rgb);
        for (auto& code : dn.samples) code = static_cast<std::uint16_t>(code - kBlack);
        const auto bytes = process(dn, settings, PixelFormat::YUV422_8);
        CHECK(std::abs(bytes[0] - expected[0]) <= 1);
        CHECK(std::abs(bytes[1] - expected[1]) <= 1);
        CHECK(std::abs(bytes[3] - expected[2]) <= 1);
    }
}

TEST_CASE("BGR and YUV are two descriptions of one picture, within rounding") {
    const auto dn = noise(64, 8, 11);
    const auto bgr = process(dn, {}, PixelFormat::BGR8), yuv = process(dn, {}, PixelFormat::YUV422_8);
    for (std::size_t pair = 0; pair < yuv.size() / 4; ++pair) {
        const auto* pixel = bgr.data() + 6 * pair;
        // The middles of what 8 bits stand for.
        const auto first = ycbcr(pixel[2] + 0.5, pixel[1] + 0.5, pixel[0] + 0.5);
        const auto second = ycbcr(pixel[5] + 0.5, pixel[4] + 0.5, pixel[3] + 0.5);
        CHECK(std::abs(yuv[4 * pair] + 0.5 - first[0]) <= 1.1);
        CHECK(std::abs(yuv[4 * pair + 2] + 0.5 - second[0]) <= 1.1);
        CHECK(std::abs(yuv[4 * pair + 1] - std::min(first[1], 255.0)) <= 1.1);
        CHECK(std::abs(yuv[4 * pair + 3] - std::min(first[2], 255.0)) <= 1.1);
    }
}

TEST_CASE("both 4:1:1 formats hold every Y and every second chroma of 4:2:2, in their own orders") {
    const auto dn = noise(64, 8, 12);
    const auto full = process(dn, {}, PixelFormat::YUV422_8);
    const auto luma_first = process(dn, {}, PixelFormat::YCbCr411_8);
    const auto chroma_first = process(dn, {}, PixelFormat::YCbCr411_8_CbYYCrYY);
    for (std::size_t group = 0; group < full.size() / 8; ++group) {
        const auto* f = full.data() + 8 * group;  // Y0 Cb Y1 Cr Y2 Cb Y3 Cr
        const protocol::Bytes a(luma_first.data() + 6 * group, luma_first.data() + 6 * group + 6);
        const protocol::Bytes b(chroma_first.data() + 6 * group, chroma_first.data() + 6 * group + 6);
        CHECK(a == protocol::Bytes({f[0], f[2], f[1], f[4], f[6], f[3]}));
        CHECK(b == protocol::Bytes({f[1], f[0], f[2], f[3], f[4], f[6]}));
    }
}

TEST_CASE("hue and saturation turn raw colours as they turn those of BGR") {
    Settings settings = plain();
    settings.hue_deg = 40;
    settings.saturation = 90;
    const auto dn = flat({900, 1200, 700});
    const auto bgr = process(dn, settings, PixelFormat::BGR8),
               raw = process(dn, settings, PixelFormat::BayerRG8);
    CHECK(raw[0] == bgr[2]);
    CHECK(raw[1] == bgr[1]);
    CHECK(raw[33] == bgr[0]);
    CHECK(raw[0] != dn.samples[0] >> 4);
}

TEST_CASE("a little saturation blurs a raw picture a little") {
    const auto dn = noise(128, 64, 13);
    Settings settings;
    settings.saturation = 63;
    const auto before = codes(process(dn, {}, PixelFormat::BayerRG16)),
               after = codes(process(dn, settings, PixelFormat::BayerRG16));
    CHECK(before != after);
    double sum = 0, change = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        sum += after[i] - before[i];
        change += std::abs(after[i] - before[i]);
    }
    const auto count = static_cast<double>(before.size());
    CHECK(std::abs(sum / count) < 4);
    CHECK(change / count < 4095 * 0.04);  // of the harshest picture there is
}

TEST_CASE(
    "off their defaults hue and saturation lower the noise of a raw colour by 10 to 30 %, whatever they "
    "are") {
    std::mt19937 random(15);
    std::normal_distribution<double> normal(2000, 40);
    const auto dn = mosaic(512, 512, [&](int, int, int) { return std::lround(normal(random)); });
    const auto before = process(dn, {}, PixelFormat::BayerRG16);
    for (const auto& settings : off_their_defaults()) {
        CAPTURE(settings.hue_deg);
        CAPTURE(settings.saturation);
        const auto after = process(dn, settings, PixelFormat::BayerRG16);
        for (const int parity : {0, 1, 2, 3}) {
            CAPTURE(parity);
            const double left = deviation(after, 512, parity) / deviation(before, 512, parity);
            CHECK(left < 0.9);
            CHECK(left > 0.7);
        }
    }
}

TEST_CASE("off their defaults they lower raw contrast at 0.25 cycles/px by 5 to 15 %, whatever they are") {
    const double quarter = std::acos(0.0);
    for (const bool upright : {true, false}) {
        const auto wave = [&](int, int x, int y) {
            return std::lround(1800 + 300 * std::cos(quarter * ((upright ? x : y) + 0.5)));
        };
        const auto dn = mosaic(256, 256, wave);
        for (const auto& settings : off_their_defaults()) {
            CAPTURE(settings.hue_deg);
            CAPTURE(settings.saturation);
            const auto after = codes(process(dn, settings, PixelFormat::BayerRG16));
            for (const int parity : {0, 1, 2, 3}) {
                CAPTURE(parity);
                double along = 0, own = 0;
                for (int y = 64 + parity / 2; y < 192; y += 2)
                    for (int x = 64 + parity % 2; x < 192; x += 2) {
                        const double in = wave(0, x, y) - 1800.0;
                        along += in * after[static_cast<std::size_t>(256 * y + x)], own += in * in;
                    }
                CHECK(along / own < 0.95);
                CHECK(along / own > 0.85);
            }
        }
    }
}

TEST_CASE("saturation of a raw picture is settled within 32 pixels of an edge between two colours") {
    const Colour left{1500, 700, 300}, right{300, 900, 1600};
    const auto dn = mosaic(
        256, 64, [&](int c, int x, int) { return (x < 128 ? left : right)[static_cast<std::size_t>(c)]; });
    for (const double saturation : {0.0, 32.0, 128.0}) {
        Settings settings = plain();
        settings.saturation = saturation;
        const auto edge = codes(process(dn, settings, PixelFormat::BayerRG16)),
                   alone = codes(process(flat(left, 256, 64), settings, PixelFormat::BayerRG16));
        const auto at = [](int x, int y) { return static_cast<std::size_t>(256 * y + x); };
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 96; ++x) CHECK(edge[at(x, y)] == alone[at(x, y)]);
    }
}

TEST_CASE("raw formats do not pass the colour matrix") {
    Settings with, without = plain();
    with.hue_deg = without.hue_deg = 10;
    const auto dn = noise(32, 8, 14);
    CHECK(process(dn, with, PixelFormat::BayerRG12p) == process(dn, without, PixelFormat::BayerRG12p));
    CHECK(process(dn, with, PixelFormat::BGR8) != process(dn, without, PixelFormat::BGR8));
}

TEST_CASE("black has the black level in every format") {
    Settings settings;
    settings.white_balance = {200, 64, 250};
    settings.hue_deg = 30;
    const auto dark = flat({0, 0, 0});
    for (const auto format : {PixelFormat::BGR8, PixelFormat::BayerRG8})
        CHECK(std::ranges::all_of(process(dark, settings, format),
                                  [](int byte) { return byte == kBlack / 16; }));
    const auto yuv = process(dark, settings, PixelFormat::YUV422_8);
    for (std::size_t i = 0; i < yuv.size(); ++i) CHECK(yuv[i] == (i % 2 ? 128 : kBlack / 16));
}
