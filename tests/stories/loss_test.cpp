#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// Packet loss, and a client that requests resends.

using namespace support;

namespace {

VirtualCameraOptions lossy(double part, std::int64_t seed = 1) {
    VirtualCameraOptions options;
    options.profile.power_up.image.width = 2048;
    options.profile.power_up.image.height = 240;
    options.profile.faults = {
        nlohmann::json{{"fault", "packet_loss"}, {"rate", part}, {"seed", seed}}.dump()};
    return options;
}

}  // namespace

TEST_CASE("with one packet in a hundred lost, every frame is complete after resends") {
    for (const bool extended : {false, true}) {
        CAPTURE(extended);
        VirtualCamera camera(lossy(0.01));
        FakeClient client(camera, {.asks_resends = true});
        client.take_control();
        client.keep_alive();
        CHECK(client.write(0x0960, extended ? 0x4000'0000 : 0) == 0);
        CHECK(client.write(0x0954, extended ? 4 : 0) == 0);
        client.open_stream();
        client.start();
        camera.run_for(2s);
        client.stop();
        camera.run_for(500ms);
        CHECK(client.blocks.size() == 60);
        CHECK(client.complete_blocks() == 60);
        CHECK(client.refusals.empty());
        std::uint64_t resent = 0;
        for (const auto& [id, block] : client.blocks) {
            CHECK(block.payload() == camera.picture(camera.requests[id - 1]));
            resent += block.resent;
        }
        // Only the extended header, or the extended status, distinguishes a resent packet.
        CHECK((resent > 100) == extended);
    }
}

TEST_CASE("even with one packet in five lost every frame arrives in the end") {
    VirtualCamera camera(lossy(0.2));
    FakeClient client(camera, {.asks_resends = true});
    client.take_control();
    client.keep_alive();
    client.open_stream();
    client.set("AcquisitionFrameRate", 10);
    client.start();
    camera.run_for(1s);
    client.stop();
    camera.run_for(1s);
    CHECK(client.blocks.size() >= 10);
    CHECK(client.complete_blocks() == client.blocks.size());
}

TEST_CASE("without loss no resend is requested and nothing is sent twice") {
    VirtualCamera camera(lossy(0));
    FakeClient client(camera, {.asks_resends = true});
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(1s);
    client.stop();
    camera.run_for(100ms);
    CHECK(client.blocks.size() == 30);
    CHECK(client.complete_blocks() == 30);
    const auto packets_per_block = (2048 * 240 + 1463) / 1464 + 2;
    CHECK(client.stream_packets == client.blocks.size() * packets_per_block);
}

TEST_CASE("a resent packet says so where extended status codes are enabled") {
    for (const bool status_enabled : {false, true}) {
        VirtualCamera camera;
        FakeClient client(camera);
        client.take_control();
        client.write(0x0954, status_enabled ? 4 : 0);
        client.open_stream();
        client.start();
        camera.run_for(50ms);
        std::vector<StreamPacket> packets;
        camera.listen(client.stream_end(),
                      [&](ByteView datagram, Endpoint) { packets.push_back(parse_stream_packet(datagram)); });
        client.stop();
        client.ask_resend(1, 2, 3);
        camera.run_for(2ms);
        REQUIRE(packets.size() == 2);
        CHECK(packets[0].status == (status_enabled ? 0x0100 : 0));
        CHECK(packets[0].packet_id == 2);
        CHECK(packets[0].content == client.blocks[1].parts[2]);
        CHECK(packets[1].packet_id == 3);
    }
}

TEST_CASE("two cameras with the same seeds send the same bytes at the same times") {
    const auto record = [](std::int64_t seed) {
        VirtualCamera camera(lossy(0.05, seed));
        FakeClient client(camera);
        std::vector<std::pair<Time, Bytes>> packets;
        camera.listen(client.stream_end(), [&](ByteView datagram, Endpoint) {
            packets.emplace_back(camera.now(), Bytes(datagram.begin(), datagram.end()));
        });
        client.take_control();
        client.open_stream();
        client.start();
        camera.run_for(200ms);
        return packets;
    };
    const auto first = record(5);
    CHECK(first.size() > 1500);
    CHECK(first == record(5));
    CHECK(first != record(6));
}

TEST_CASE("a host that is too slow loses whole frames, and the next one says so") {
    auto options = lossy(0);
    options.frame_work = 100ms;
    VirtualCamera camera(options);
    FakeClient client(camera);
    client.take_control();
    client.write(0x0960, 0x4000'0000);
    client.keep_alive();
    client.open_stream();
    std::map<std::uint64_t, std::uint16_t> flags;
    camera.listen(client.stream_end(), [&](ByteView datagram, Endpoint) {
        const auto packet = parse_stream_packet(datagram);
        flags[packet.block_id] = packet.flags;
    });
    client.start();
    camera.run_for(5s);
    REQUIRE(flags.size() >= 15);
    std::uint64_t before = 0;
    for (const auto& entry : flags) {
        const auto id = entry.first, before_this = before;
        const bool says_so = entry.second & 2;
        CAPTURE(id);
        CHECK(says_so == (id != before_this + 1));
        before = id;
    }
    CHECK(before > flags.size());  // Ids were used up by the frames that were lost.
}
