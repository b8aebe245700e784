#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// FORCEIP: which address may be forced upon the camera, and when.

using namespace support;

namespace {

constexpr std::uint16_t kInvalidParameter = 0x8002;

std::uint16_t status_of(const std::optional<Ack>& ack) { return ack.value_or(Ack{}).status; }

}  // namespace

TEST_CASE("FORCEIP acts on the camera of its MAC address, and only without a controlling application") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto mac = be64(camera.camera.device.identity.mac);
    const auto force = [&](const Bytes& who, std::uint32_t ip) {
        return who + Bytes(12) + be32(ip) + Bytes(12) + be32(0xFFFFFF00) + Bytes(12) + be32(0x0A0000FE);
    };
    CHECK_FALSE(client.command(0x04, force(be64(0x0000'1122'3344'5566), 0x0A0000AA), 0x11));
    CHECK(camera.moved_to.empty());

    client.take_control();
    CHECK_FALSE(client.command(0x04, force(mac, 0x0A0000AA)));
    CHECK(camera.moved_to.empty());
    client.write(0x0A00, 0);

    const auto ack = client.command(0x04, force(mac, 0x0A0000AA));
    REQUIRE(ack);
    CHECK(ack->status == 0);
    CHECK(ack->payload.empty());
    CHECK(camera.moved_to.back() == protocol::IpSettings{0x0A0000AA, 0xFFFFFF00, 0x0A0000FE});
    CHECK(client.must_read(0x0024) == 0x0A0000AA);
    CHECK(client.must_read(0x0034) == 0xFFFFFF00);
    CHECK(client.must_read(0x0044) == 0x0A0000FE);
    CHECK(camera.stored.empty());  // It is not kept without power.

    CHECK_FALSE(client.command(0x04, force(mac, 0)));
    CHECK(camera.moved_home == 1);
    CHECK(client.must_read(0x0024) == VirtualCamera::kAddress.ip);
}

TEST_CASE(
    "a forced address that no device can have is an invalid parameter, and changes nothing on the host") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto force = [&](std::uint32_t ip, std::uint32_t mask, std::uint32_t gateway) {
        return status_of(client.command(0x04, be64(camera.camera.device.identity.mac) + Bytes(12) + be32(ip) +
                                                  Bytes(12) + be32(mask) + Bytes(12) + be32(gateway)));
    };
    CHECK(force(0x7F00'0009, 0xFF00'0000, 0) == kInvalidParameter);
    CHECK(force(0x0000'0001, 0xFFFF'FF00, 0) == kInvalidParameter);
    CHECK(force(0x0A00'00FF, 0xFFFF'FF00, 0) == kInvalidParameter);
    CHECK(force(0x0A00'00AA, 0xFF00'FF00, 0) == kInvalidParameter);
    CHECK(force(0x0A00'00AA, 0xFFFF'FF00, 0x0A00'01FE) == kInvalidParameter);
    CHECK(camera.moved_to.empty());
    CHECK(client.must_read(0x0024) == VirtualCamera::kAddress.ip);
}

TEST_CASE("a forced address that the host refuses is an error, and a broadcast answer is one if asked for") {
    VirtualCamera camera({.lets_move = false});
    FakeClient client(camera);
    const auto force = be64(camera.camera.device.identity.mac) + Bytes(12) + be32(0x0A0000AA) + Bytes(12) +
                       be32(0xFFFFFF00) + Bytes(16);
    CHECK(status_of(client.command(0x04, force)) == 0x8FFF);
    CHECK_FALSE(client.command(0x04, force, 0x11));
    REQUIRE(camera.broadcasts.size() == 1);
    CHECK(to_hex(camera.broadcasts[0].datagram) == "8fff000500000002");
    CHECK(client.must_read(0x0024) == VirtualCamera::kAddress.ip);
}
