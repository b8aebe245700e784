#include "emulator/net/host_network.h"

#include <doctest/doctest.h>

// What a host lets a camera have.

using namespace emulator::net;
using protocol::IpSettings;

namespace {

constexpr std::uint32_t kByte = 0xFF00'0000, kTwoBytes = 0xFFFF'0000, kThreeBytes = 0xFFFF'FF00;

Interface address(const char* name, int index, std::uint32_t ip, std::uint32_t mask, bool of_camera = false) {
    return {
        .name = name, .label = name, .index = index, .ip = {.ip = ip, .mask = mask}, .of_camera = of_camera};
}

/// eth0 with 10.1.1.1/24, 10.1.1.2/24 and a camera's 10.3.3.9/24; eth1 with 10.2.2.1/24; a default route
/// through 10.1.1.254; 10.4.0.0/16 behind 10.1.1.253; a VPN that has taken the default route in two halves.
struct Host {
    Interface home = address("eth0", 2, 0x0A01'0101, kThreeBytes);
    HostNetwork network{.addresses = {home, address("eth0", 2, 0x0A01'0102, kThreeBytes),
                                      address("eth1", 3, 0x0A02'0201, kThreeBytes),
                                      address("eth0", 2, 0x0A03'0309, kThreeBytes, true)},
                        .routes = {{"tun0", 0, 0x8000'0000, 0},
                                   {"tun0", 0x8000'0000, 0x8000'0000, 0},
                                   {"eth0", 0, 0, 0x0A01'01FE},
                                   {"eth0", 0x0A01'0100, kThreeBytes, 0},
                                   {"eth0", 0x0A03'0300, kThreeBytes, 0},
                                   {"eth1", 0x0A02'0200, kThreeBytes, 0},
                                   {"eth0", 0x0A04'0000, kTwoBytes, 0x0A01'01FD}},
                        .neighbours = {0x0A01'0164}};

    [[nodiscard]] bool lets(std::uint32_t ip, std::uint32_t mask) const { return lets(home, ip, mask); }
    [[nodiscard]] bool lets(const Interface& here, std::uint32_t ip, std::uint32_t mask) const {
        return !objection({.ip = ip, .mask = mask}, here, network);
    }
};

}  // namespace

TEST_CASE("host network: an address that is not in use is free, in any subnet that no route leads to") {
    const Host host;
    CHECK(host.lets(0x0A01'0163, kThreeBytes));
    CHECK(host.lets(0x0A01'0163, 0xFFFF'FF80));
    CHECK(host.lets(0x0A01'0163, kTwoBytes));
    CHECK(host.lets(0xC0A8'0163, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A02'0263, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A02'0263, 0xFFFF'FFFC));
    CHECK_FALSE(host.lets(0x0A05'0505, kByte));
    CHECK_FALSE(host.lets(0x0A04'0505, kThreeBytes));
}

TEST_CASE("host network: two interfaces in one subnet do not keep a camera from it") {
    Host host;
    host.network.routes.push_back({"wlan0", 0x0A01'0100, kThreeBytes, 0});
    CHECK(host.lets(0x0A01'0163, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A01'0163, 0xFFFF'FF80));  // It would take half of the other's traffic.
}

TEST_CASE("host network: the address of another host is not taken") {
    const Host host;
    CHECK_FALSE(host.lets(0x0A02'0201, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A01'01FE, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A01'01FD, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A01'0164, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A03'0309, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A03'0309, kTwoBytes));
}

TEST_CASE("host network: an address of the host is taken as it is, a camera's own may have another mask") {
    const Host host;
    CHECK(host.lets(0x0A01'0101, kThreeBytes));
    CHECK(host.lets(0x0A01'0102, kThreeBytes));
    CHECK_FALSE(host.lets(0x0A01'0101, kTwoBytes));
    CHECK_FALSE(host.lets(0x0A01'0102, 0xFFFF'FF80));
    const auto moved = host.network.addresses.back();
    CHECK(host.lets(moved, 0x0A03'0309, kTwoBytes));
    CHECK_FALSE(host.lets(moved, 0x0A03'0309, kByte));
    CHECK(host.lets(moved, 0x0A01'0101, kThreeBytes));
}

TEST_CASE("host network: loopback has its addresses with its mask, and no other") {
    Interface loopback = address("lo", 1, 0x7F00'0001, kByte);
    loopback.loopback = true;
    const Host host;
    CHECK(host.lets(loopback, 0x7F00'0002, kByte));
    CHECK(host.lets(loopback, 0x7FFF'FFFE, kByte));
    CHECK_FALSE(host.lets(loopback, 0x7F00'0001, kThreeBytes));
    CHECK_FALSE(host.lets(loopback, 0x0A09'0909, kByte));
}

TEST_CASE("host network: a subnet of two addresses has no broadcast") {
    CHECK(broadcast_of(0x0A01'0101, kThreeBytes) == 0x0A01'01FF);
    CHECK(broadcast_of(0x0A01'0101, 0xFFFF'FFFC) == 0x0A01'0103);
    CHECK(broadcast_of(0x0A01'0101, 0xFFFF'FFFE) == 0xFFFF'FFFF);
    CHECK(broadcast_of(0x0A01'0101, 0xFFFF'FFFF) == 0xFFFF'FFFF);
}
