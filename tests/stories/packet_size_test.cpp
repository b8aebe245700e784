#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// How clients find the largest packet that the way to them lets through.

using namespace support;

namespace {

constexpr std::uint32_t kSize = 0x0D04, kFire = 0x8000'0000, kWhole = 0x4000'0000;

/// As Aravis does it: set the size, fire, wait, up to three times; then halve the interval.
std::uint32_t negotiate(VirtualCamera& camera, FakeClient& client, std::uint32_t low, std::uint32_t high) {
    const auto arrives = [&](std::uint32_t size) {
        for (int tries = 0; tries < 3; ++tries) {
            client.test_packets.clear();
            const auto flags = client.must_read(kSize) & kWhole;
            CHECK(client.write(kSize, flags | size) == 0);
            CHECK(client.write(kSize, kFire | flags | size) == 0);
            camera.run_for(10ms);
            for (const auto& packet : client.test_packets) {
                if (packet.size() + 28 == size) return true;
            }
        }
        return false;
    };
    while (high - low > 4) {
        const auto middle = low + (high - low) / 2 / 4 * 4;
        (arrives(middle) ? low : high) = middle;
    }
    return low;
}

}  // namespace

TEST_CASE("a client that halves the interval finds the largest packet of the link") {
    for (const std::size_t link_bytes : {1500U, 4000U, 9000U}) {
        CAPTURE(link_bytes);
        VirtualCamera camera({.link_bytes_max = link_bytes});
        FakeClient client(camera);
        client.take_control();
        client.open_stream();
        CHECK(negotiate(camera, client, 576, 16364) == link_bytes - link_bytes % 4);
    }
}

TEST_CASE("a test packet has exactly the asked size and the standard's pseudo-random bytes") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    for (std::uint32_t size = 576; size <= 16364; size += 1972) {
        client.test_packets.clear();
        CHECK(client.write(kSize, kFire | kWhole | size) == 0);
        REQUIRE(client.test_packets.size() == 1);
        const auto& packet = client.test_packets[0];
        REQUIRE(packet.size() == size - 28);
        CHECK(to_hex(ByteView(packet).first(24)) == "0000000000000000ffffffe9ffe27ff1bfee5ff7afedd7e0");
        std::uint32_t word = 0xFFFF;
        for (std::size_t at = 8; at + 1 < packet.size(); at += 2) {
            CHECK(number_at(packet, at, 2) == word);
            word = (word >> 1) ^ ((word & 1) ? 0x8016 : 0);
        }
        CHECK(client.must_read(kSize) == (kWhole | size));  // The fire bit clears itself.
    }
}

TEST_CASE("a size above the largest becomes the largest, and then no test packet is fired") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    const auto expect = [&](std::uint32_t asked, std::uint32_t stored, std::size_t packets) {
        CAPTURE(asked);
        client.test_packets.clear();
        CHECK(client.write(kSize, kFire | kWhole | asked) == 0);
        CHECK(client.must_read(kSize) == (kWhole | stored));
        CHECK(client.test_packets.size() == packets);
    };
    expect(1500, 1500, 1);
    expect(576, 576, 1);
    expect(1504, 1504, 1);
    expect(16364, 16364, 1);
    expect(16368, 16364, 0);
    expect(65532, 16364, 0);
}

TEST_CASE("a size that is too small, or no multiple of four, is refused and changes nothing") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (const std::uint32_t size : {0U, 36U, 572U, 70'000U, 0x0010'0000U}) {
        CAPTURE(size);
        CHECK(client.write(kSize, kFire | kWhole | size) == 0x8002);
        CHECK(client.must_read(kSize) == (kWhole | 1500));
    }
    for (const std::uint32_t size : {1U, 575U, 577U, 1501U, 1502U, 1503U, 16365U, 65535U}) {
        CAPTURE(size);
        CHECK(client.write(kSize, kFire | kWhole | size) == 0x8005);
        CHECK(client.write(kSize, size) == 0x8005);
        CHECK(client.must_read(kSize) == (kWhole | 1500));
    }
}

TEST_CASE("without an open channel a test packet goes nowhere, and the write is a success") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write(0x0D18, 0x0A000001) == 0);
    CHECK(client.write(kSize, kFire | kWhole | 1500) == 0);
    CHECK(client.test_packets.empty());
}

TEST_CASE("what the client writes to make the camera fire while it streams does not disturb the stream") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(200ms);
    CHECK(client.write(kSize, kFire | kWhole | 1500) == 0);
    CHECK(client.test_packets.size() == 1);
    camera.run_for(200ms);
    client.stop();
    camera.run_for(50ms);
    CHECK(client.complete_blocks() == client.blocks.size());
}
