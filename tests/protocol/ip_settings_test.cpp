#include "protocol/ip_settings.h"

#include <doctest/doctest.h>

#include <initializer_list>

// Which settings FORCEIP and the persistent registers may give a device.

using protocol::IpSettings;
using protocol::usable;

namespace {

constexpr std::uint32_t kHere = 0xC0A8'0501, kLoopback = 0x7F00'0001;

std::uint32_t mask_of(int bits) { return bits == 0 ? 0 : 0xFFFF'FFFF << (32 - bits); }

}  // namespace

TEST_CASE("ip settings: a mask has 8 to 31 bits in one piece") {
    for (int bits = 0; bits <= 32; ++bits) {
        CAPTURE(bits);
        CHECK(usable({0x0A27'1A62, mask_of(bits)}, kHere) == (bits >= 8 && bits <= 31));
    }
    // Each single bit that is turned makes it another mask: a longer or shorter one at the edge, else none.
    for (int bits = 9; bits <= 30; ++bits) {
        for (int turned = 0; turned < 32; ++turned) {
            CAPTURE(bits);
            CAPTURE(turned);
            const bool edge = turned == 32 - bits || turned == 31 - bits;
            CHECK(usable({0x0A27'1A65, mask_of(bits) ^ (1U << turned)}, kHere) == edge);
        }
    }
}

TEST_CASE(
    "ip settings: the first and the last address of a subnet are of no host, except where there are two") {
    for (int bits = 8; bits <= 30; ++bits) {
        CAPTURE(bits);
        const auto mask = mask_of(bits), network = 0x0AA5'A5A5 & mask;
        CHECK_FALSE(usable({network, mask}, kHere));
        CHECK(usable({network + 1, mask}, kHere));
        CHECK(usable({(network | ~mask) - 1, mask}, kHere));
        CHECK_FALSE(usable({network | ~mask, mask}, kHere));
    }
    CHECK(usable({0x0A00'0000, mask_of(31)}, kHere));
    CHECK(usable({0x0A00'0001, mask_of(31)}, kHere));
}

TEST_CASE("ip settings: a device has a unicast address, and one of loopback only if it is there") {
    for (std::uint32_t first = 0; first < 256; ++first) {
        CAPTURE(first);
        const IpSettings wanted{.ip = first << 24 | 0x0000'0909, .mask = mask_of(24)};
        CHECK(usable(wanted, kHere) == (first >= 1 && first <= 223 && first != 127));
        CHECK(usable(wanted, kLoopback) == (first == 127));
    }
    for (const std::uint32_t ip : {0x0000'0000U, 0x0000'0001U, 0x00FF'FFFEU, 0xE000'0000U, 0xFFFF'FFFFU})
        CHECK_FALSE(usable({ip, mask_of(24)}, kHere));
    CHECK(usable({0x0100'0001, mask_of(24)}, kHere));
    CHECK(usable({0xDFFF'FFFE, mask_of(24)}, kHere));
    CHECK(usable({0x7FFF'FFFE, mask_of(8)}, kLoopback));
    CHECK_FALSE(usable({0x7FFF'FFFF, mask_of(8)}, kLoopback));
}

TEST_CASE("ip settings: a gateway is none, or another host of the subnet") {
    const auto with_gateway = [](std::uint32_t gateway, int bits = 24) {
        return usable({.ip = 0xC0A8'050A, .mask = mask_of(bits), .gateway = gateway}, kHere);
    };
    CHECK(with_gateway(0));
    CHECK(with_gateway(0xC0A8'0501));
    CHECK(with_gateway(0xC0A8'05FE));
    CHECK(with_gateway(0xC0A8'0601, 16));
    for (const std::uint32_t gateway : {0xC0A8'050AU, 0xC0A8'0500U, 0xC0A8'05FFU, 0xC0A8'0401U, 0xC0A8'0601U,
                                        1U, 0x7F00'0001U, 0xFFFF'FFFFU})
        CHECK_FALSE(with_gateway(gateway));
    CHECK(usable({0x0A00'0000, mask_of(31), 0x0A00'0001}, kHere));
    CHECK_FALSE(usable({0x0A00'0000, mask_of(31), 0x0A00'0002}, kHere));
}
