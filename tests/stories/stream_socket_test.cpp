#include <doctest/doctest.h>

#include <cerrno>

#include "tests/support/fake_client.h"

// Errors of the stream socket: closed ports, missing routes, forged ICMP messages, a kernel that does not cut
// datagrams.

using namespace support;

namespace {

constexpr std::uint32_t kGroup = 0xEFC0'1A05;  // 239.192.26.5

void start(FakeClient& client, std::uint16_t packet_size = 1500) {
    client.take_control();
    client.keep_alive();
    client.open_stream(packet_size);
    client.start();
}

/// A packet of the block that the client received first.
Bytes packet_of(const FakeClient& client, std::uint16_t id) {
    const auto& block = client.blocks.begin()->second;
    return be16(0) + be16(client.blocks.begin()->first) + Bytes{3} + big_endian(id, 3) + block.parts.at(id);
}

}  // namespace

TEST_CASE("a refusal that meets a batch in its middle ends the stream before the next burst") {
    VirtualCamera camera({.refuses_when_deaf = true});
    FakeClient client(camera);
    start(client);
    camera.run_for(100ms);
    REQUIRE(camera.camera.streaming());
    camera.leave(client.stream_end());
    const auto before = camera.stream_packets;
    camera.run_for(60ms);
    CHECK_FALSE(camera.camera.streaming());
    CHECK(camera.stream_packets - before <= 2 * 40);
}

TEST_CASE("a port unreachable message for the only burst of a frame counts before the next frame") {
    VirtualCamera camera({.refuses_when_deaf = true});
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    client.set("AcquisitionFrameRate", 1);
    client.start();
    camera.run_for(1100ms);
    REQUIRE(camera.camera.streaming());
    camera.stream_socket.refuse(packet_of(client, 1));
    // It has come after the packets; nothing more is due for most of a second.
    const auto sent = camera.stream_packets;
    camera.run_for(950ms);
    CHECK_FALSE(camera.camera.streaming());
    CHECK(camera.stream_packets - sent <= 40);
}

TEST_CASE("what answers a test packet, or quotes no packet of the stream, does not end it") {
    VirtualCamera camera({.refuses_when_deaf = true});
    FakeClient client(camera);
    start(client);
    camera.run_for(100ms);
    auto forged = packet_of(client, 5);
    forged[100] ^= 1;
    auto first_bytes = packet_of(client, 5);
    first_bytes.resize(7);
    const std::vector<Bytes> quotes{
        {},
        Bytes(8),
        Bytes(1472),
        forged,
        first_bytes,
        be16(0) + be16(9999) + Bytes{3} + big_endian(1, 3),
        protocol::gvsp::make_test_packet({}),
    };
    for (const auto& quote : quotes) {
        for (int i = 0; i < 12; ++i) {
            camera.stream_socket.refuse(quote);
            camera.run_for(3ms);
        }
        CHECK(camera.camera.streaming());
    }
    CHECK(client.complete_blocks() + 1 >= client.blocks.size());
    camera.stream_socket.refuse(packet_of(client, 5));
    camera.run_for(50ms);
    CHECK_FALSE(camera.camera.streaming());
}

TEST_CASE("a flood of reports costs the stream no packet") {
    VirtualCamera camera;
    FakeClient client(camera);
    start(client);
    for (int i = 0; i < 2000; ++i) {
        camera.stream_socket.refuse(Bytes(8));
        camera.run_for(100us);
    }
    client.stop();
    camera.run_for(100ms);
    CHECK(camera.camera.device.stream.open());
    CHECK(client.blocks.size() >= 5);
    CHECK(client.complete_blocks() == client.blocks.size());
}

TEST_CASE("a closed port ends no stream that is unconditional, or goes to a group") {
    for (const bool multicast : {false, true}) {
        CAPTURE(multicast);
        VirtualCamera camera({.refuses_when_deaf = true});
        FakeClient client(camera);
        client.take_control();
        client.keep_alive();
        client.open_stream();
        if (multicast) CHECK(client.write(0x0D18, kGroup) == 0);
        client.start();
        // It may be said after the start, too.
        if (!multicast) CHECK(client.write(0x0D24, 2) == 0);
        camera.leave(client.stream_end());
        camera.run_for(1s);
        CHECK(camera.camera.streaming());
    }
}

TEST_CASE("without a route to the client nothing is sent, and the log says so") {
    VirtualCamera camera;
    FakeClient old(camera);
    start(old);
    camera.run_for(100ms);
    old.stop();
    camera.run_for(100ms);
    const auto received = old.stream_packets;
    camera.stream_socket.faults.connect_error = ENETUNREACH;
    CHECK(old.write(0x0D18, 0x0A09'0909) == 0);
    old.start();
    camera.run_for(200ms);
    CHECK(old.stream_packets == received);
    CHECK(camera.camera.streaming());
    CHECK_FALSE(camera.camera.stream_reaches_client());
    // Neither does a test packet, nor a resent one.
    old.stop();
    camera.run_for(100ms);
    CHECK(old.write(0x0D04, 0xC000'05DC) == 0);
    old.ask_resend(1, 0, 0);
    camera.run_for(10ms);
    CHECK(old.stream_packets == received);
    CHECK(old.test_packets.empty());

    SUBCASE("and when one does, the stream goes on") {
        FakeClient far(camera, {.ip = 0x0A09'0909});
        old.start();
        camera.run_for(100ms);
        CHECK(far.stream_packets == 0);
        camera.stream_socket.faults.connect_error = 0;
        camera.run_for(200ms);
        CHECK(camera.camera.stream_reaches_client());
        CHECK(far.complete_blocks() >= 3);
        CHECK(old.stream_packets == received);
    }
    SUBCASE("and a channel that is closed says no more of it") {
        CHECK(old.write(0x0D00, 0) == 0);
        CHECK(camera.camera.stream_reaches_client());
    }
}

TEST_CASE("with segmentation offload every packet comes, whatever the link and the kernel make of it") {
    struct Case {
        std::size_t link_bytes;
        std::uint16_t packet_size;
        int error;
        bool layout, fragment, comes;
    };
    const std::vector<Case> cases{
        {1500, 1500, 0, true, false, true},         {1500, 576, 0, true, false, true},
        {9000, 8000, 0, true, false, true},         {1500, 8000, 0, false, true, true},
        {1500, 1504, 0, false, true, true},         {1500, 8000, 0, false, false, false},
        {1500, 1500, EIO, false, false, true},      {1500, 1500, EINVAL, false, true, true},
        {1500, 1500, EMSGSIZE, false, false, true}, {16364, 16364, 0, true, false, true},
    };
    for (const auto& one : cases) {
        CAPTURE(one.link_bytes);
        CAPTURE(one.packet_size);
        CAPTURE(one.error);
        VirtualCameraOptions options;
        options.offload = true;
        options.link_bytes_max = one.link_bytes;
        options.profile.power_up.image.width = 2048;
        options.profile.power_up.image.height = 240;
        VirtualCamera camera(options);
        camera.stream_socket.faults.segmentation_error = one.error;
        FakeClient client(camera);
        client.take_control();
        client.keep_alive();
        client.open_stream(one.packet_size);
        CHECK(client.write(0x0D04, one.packet_size | (one.fragment ? 0 : 0x4000'0000U)) == 0);
        client.start();
        camera.run_for(200ms);
        client.stop();
        camera.run_for(100ms);
        CHECK((camera.stream_socket.largest_message > one.packet_size) == one.layout);
        CHECK((client.complete_blocks() >= 4) == one.comes);
        CHECK((client.complete_blocks() == client.blocks.size()) == one.comes);
    }
}
