#include <doctest/doctest.h>

#include <memory>

#include "tests/support/fake_client.h"

// PACKETRESEND comes from whoever likes to send it; only those whose stream it is are served.

using namespace support;

namespace {

constexpr Endpoint kStranger{.ip = 0x0A00'0007, .port = 999};
constexpr std::uint32_t kGroup = 0xEFC0'1A05;  // 239.192.26.5
constexpr std::uint32_t kToRequester = 8;      // SCCFG

void ask(VirtualCamera& camera, Endpoint from, std::uint16_t block, std::uint32_t first, std::uint32_t last) {
    const auto asked = be16(0) + be16(block) + be32(first) + be32(last);
    camera.camera.gvcp().handle_control(gvcp_command(0x40, 1, asked, 0), from);
}

struct Counted {
    std::size_t packets = 0;
};

/// Who listens at a stream's port of another address.
std::shared_ptr<Counted> count(VirtualCamera& camera, std::uint32_t ip, const FakeClient& client) {
    auto counted = std::make_shared<Counted>();
    camera.listen({.ip = ip, .port = client.stream_end().port},
                  [counted](ByteView, Endpoint) { ++counted->packets; });
    return counted;
}

}  // namespace

TEST_CASE("packets of a unicast stream are resent to its client alone, whichever port requests them") {
    for (const std::uint32_t configuration : {0U, kToRequester}) {
        CAPTURE(configuration);
        VirtualCamera camera;
        FakeClient client(camera);
        client.take_control();
        client.keep_alive();
        CHECK(client.write(0x0D24, configuration) == 0);
        client.open_stream();
        client.start();
        camera.run_for(100ms);
        client.stop();
        camera.run_for(100ms);
        const auto received = client.stream_packets;
        const auto stranger = count(camera, kStranger.ip, client);
        ask(camera, kStranger, 1, 0, 0xFF'FFFF);
        ask(camera, kStranger, 999, 0, 5);
        camera.run_for(100ms);
        CHECK(stranger->packets == 0);
        CHECK(client.stream_packets == received);
        for (const std::uint16_t port : {std::uint16_t{1}, std::uint16_t{50'000}, std::uint16_t{65'535}}) {
            ask(camera, {.ip = client.stream_end().ip, .port = port}, 1, 0, 0);
            camera.run_for(2ms);
        }
        CHECK(client.stream_packets == received + 3);
    }
}

TEST_CASE("other hosts that sweep block ids 2000 times a second cost the stream nothing") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    client.start();
    std::uint16_t id = 0;
    for (int i = 0; i < 10'000; ++i) {
        ask(camera, kStranger, ++id, 0, 0xFF'FFFF);
        camera.run_for(500us);
    }
    client.stop();
    camera.run_for(100ms);
    CHECK(client.refusals.empty());
    CHECK(client.blocks.size() >= 100);
    CHECK(client.complete_blocks() == client.blocks.size());
    const auto packets = (528 * 64 + 1463) / 1464 + 2;
    CHECK(client.stream_packets == client.blocks.size() * packets);
}

TEST_CASE("a sweep of block ids from the client's own host costs it hardly more than it requested") {
    VirtualCameraOptions options;
    options.profile.power_up.image.width = 2048;
    options.profile.power_up.image.height = 1200;
    VirtualCamera camera(options);
    FakeClient client(camera);
    client.keeps_payload = false;
    client.take_control();
    client.keep_alive();
    client.open_stream();
    client.start();
    std::uint16_t id = 0;
    for (int i = 0; i < 10'000; ++i) {
        ask(camera, client.stream_end(), ++id, 0, 0xFF'FFFF);
        camera.run_for(500us);
    }
    client.stop();
    camera.run_for(500ms);
    CHECK(client.refusals.size() < 500);
    std::uint64_t newest = 0;
    for (const auto& [block_id, block] : client.blocks) newest = std::max(newest, block_id);
    CHECK(newest >= 140);  // 5 s at 30 frames a second
    CHECK(client.blocks.size() == newest);
}

TEST_CASE(
    "of a group's stream the controlling application gets packets again, and others where that is set") {
    for (const std::uint32_t configuration : {0U, kToRequester}) {
        CAPTURE(configuration);
        VirtualCamera camera;
        FakeClient client(camera);
        client.take_control();
        client.keep_alive();
        CHECK(client.write(0x0D24, configuration) == 0);
        client.open_stream();
        CHECK(client.write(0x0D18, kGroup) == 0);
        const auto group = count(camera, kGroup, client), stranger = count(camera, kStranger.ip, client);
        client.start();
        camera.run_for(100ms);
        client.stop();
        camera.run_for(100ms);
        CHECK(group->packets > 48);
        const std::uint32_t packets = (528 * 64 + 1463) / 1464 + 2;
        group->packets = 0;
        for (int i = 0; i < 50; ++i) ask(camera, kStranger, 1, 0, 0xFF'FFFF);
        camera.run_for(1s);
        CHECK(group->packets == 0);
        CHECK(stranger->packets == (configuration ? packets : 0));
        stranger->packets = 0;
        const auto own = client.stream_packets;
        ask(camera, {.ip = client.control_end().ip, .port = 7}, 1, 0, 0xFF'FFFF);
        camera.run_for(10ms);
        CHECK(group->packets == (configuration ? 0 : packets));
        CHECK(client.stream_packets - own == (configuration ? packets : 0));
        client.write(0x0A00, 0);  // It lets go, and its channel closes.
        ask(camera, {.ip = client.control_end().ip, .port = 7}, 1, 0, 0);
        camera.run_for(10ms);
        CHECK(group->packets == (configuration ? 0 : packets));
    }
}
