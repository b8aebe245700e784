#include <doctest/doctest.h>

#include "emulator/isp/pack.h"
#include "protocol/gvsp/pixel_format.h"
#include "tests/support/wire.h"

// The bytes of the raw formats.

using namespace support;
using protocol::gvsp::PixelFormat;

namespace {

scenes::light::Image<std::uint16_t> line_of(std::vector<std::uint16_t> dn) {
    scenes::light::Image<std::uint16_t> image(static_cast<int>(dn.size()), 1);
    std::ranges::copy(dn, image.samples.begin());
    return image;
}

std::string packed(PixelFormat format) {
    return to_hex(emulator::isp::pack(line_of({0xABC, 0x123, 0x000, 0xFFF}), format));
}

}  // namespace

TEST_CASE("8 bits are the upper ones of 12") { CHECK(packed(PixelFormat::BayerRG8) == "ab1200ff"); }

TEST_CASE("16 bits have the code at the top, and the low byte first") {
    CHECK(packed(PixelFormat::BayerRG16) == "c0ab30120000f0ff");
}

TEST_CASE("12p is one stream of bits, lowest first") {
    CHECK(packed(PixelFormat::BayerRG12p) == "bc3a1200f0ff");
}

TEST_CASE("12Packed has the low bits of two pixels in the middle byte") {
    CHECK(packed(PixelFormat::BayerRG12Packed) ==
          "ab3c12"
          "00f0ff");
}

TEST_CASE("both packed formats give back every code") {
    for (std::uint16_t code = 0; code < 4096; ++code) {
        const auto other = static_cast<std::uint16_t>(4095 - code);
        const auto p = emulator::isp::pack(line_of({code, other}), PixelFormat::BayerRG12p);
        REQUIRE(p.size() == 3);
        REQUIRE((p[0] | (p[1] & 0xF) << 8) == code);
        REQUIRE((p[1] >> 4 | p[2] << 4) == other);
        const auto g = emulator::isp::pack(line_of({code, other}), PixelFormat::BayerRG12Packed);
        REQUIRE((g[0] << 4 | (g[1] & 0xF)) == code);
        REQUIRE((g[2] << 4 | g[1] >> 4) == other);
    }
}
