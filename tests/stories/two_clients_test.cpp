#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// Two applications and one camera: who may look, who may touch, and how control changes hands.

using namespace support;

namespace {

constexpr FakeClientOptions kSecond{.ip = 0x0A000002};
constexpr std::uint16_t kDenied = 0x8006;

}  // namespace

TEST_CASE("a second client may look but not touch") {
    VirtualCamera camera;
    FakeClient owner(camera), guest(camera, kSecond);
    owner.take_control();
    CHECK(guest.must_read(0x0A00) == 2);
    CHECK(guest.get("ExposureTime") == 1000);
    CHECK(guest.read_memory(0x0200, 512)->status == 0);
    CHECK(guest.command(0x02)->status == 0);

    CHECK(guest.take_control() == kDenied);
    CHECK(guest.write(0x0938, 10'000) == kDenied);
    CHECK(guest.set("ExposureTime", 5000) == kDenied);
    CHECK(guest.write_memory(FakeClient::address_of("ExposureTime"), be32(5000)) == kDenied);
    CHECK(guest.write(0x0A00, 0) == kDenied);
    CHECK(owner.get("ExposureTime") == 1000);
    CHECK(owner.must_read(0x0A00) == 2);
}

TEST_CASE("without control nothing can be written but the privilege itself") {
    VirtualCamera camera;
    FakeClient client(camera);
    CHECK(client.set("ExposureTime", 5000) == kDenied);
    CHECK(client.write(0x0D00, 51000) == kDenied);
    CHECK(client.write_memory(0x00E8, Bytes(16, 'x')) == kDenied);
    CHECK(client.take_control() == 0);
    CHECK(client.set("ExposureTime", 5000) == 0);
}

TEST_CASE("another port of the same computer is another client") {
    VirtualCamera camera;
    FakeClient owner(camera),
        neighbour(camera, {.control_port = 50001, .stream_port = 51001, .message_port = 52001});
    owner.take_control();
    CHECK(neighbour.set("Gain", 3) == kDenied);
    CHECK(owner.must_read(0x0A04) == 50000);
    CHECK(owner.must_read(0x0A14) == 0x0A000001);
}

TEST_CASE("an exclusive client hides the camera, but not its existence") {
    VirtualCamera camera;
    FakeClient owner(camera), guest(camera, kSecond);
    for (const std::uint32_t privilege : {1U, 3U, 5U, 7U}) {
        CAPTURE(privilege);
        REQUIRE(owner.take_control(privilege) == 0);
        CHECK(guest.read_status(0x0A00) == kDenied);
        CHECK(guest.read_status(0x0000) == kDenied);
        CHECK(guest.read_memory(0x0200, 4)->status == kDenied);
        CHECK(guest.set("Gain", 3) == kDenied);
        CHECK(guest.take_control() == kDenied);
        CHECK(guest.command(0x02)->status == 0);
        CHECK(owner.must_read(0x0A00) == privilege);
        REQUIRE(owner.write(0x0A00, 0) == 0);
    }
    CHECK(guest.must_read(0x0A00) == 0);
}

TEST_CASE("control is handed over with the right key, and the stream goes on") {
    VirtualCamera camera;
    FakeClient owner(camera), heir(camera, kSecond);
    owner.take_control(2);
    owner.write(0x095C, 0x1234);
    owner.open_messages();
    owner.open_stream();
    owner.start();
    camera.run_for(100ms);

    CHECK(heir.write(0x0A00, 0x1234'0002) == kDenied);  // No switchover is offered yet.
    CHECK(owner.take_control(6) == 0);
    CHECK(heir.must_read(0x0A00) == 6);
    CHECK(heir.write(0x0A00, 0x1111'0002) == kDenied);
    CHECK(heir.set("Gain", 3) == kDenied);
    CHECK(heir.write(0x0A00, 0x1234'0000) ==
          kDenied);  // The switchover key takes over control; it does not take exclusive access away.
    CHECK(owner.events.empty());

    CHECK(heir.write(0x0A00, 0x1234'0002) == 0);
    REQUIRE(owner.events.size() == 1);
    CHECK(owner.events[0].id == 0x0007);
    CHECK(heir.must_read(0x0A14) == 0x0A000002);
    CHECK(heir.must_read(0x0A00) == 2);
    CHECK(owner.set("Gain", 3) == kDenied);
    CHECK(heir.set("Gain", 3) == 0);
    CHECK(camera.camera.streaming());
}

TEST_CASE("the key cannot be read, and is not shown in the privilege") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control(2);
    client.write(0x095C, 0x1234);
    CHECK(client.must_read(0x095C) == 0);
    CHECK(client.write(0x0A00, 0x1234'0006) == 0);
    CHECK(client.must_read(0x0A00) == 6);
}

TEST_CASE("an owner changes its privilege as it likes") {
    VirtualCamera camera;
    FakeClient owner(camera);
    for (const std::uint32_t privilege : {2U, 6U, 3U, 1U, 7U, 2U, 0U}) {
        CHECK(owner.write(0x0A00, privilege) == 0);
        CHECK(owner.must_read(0x0A00) == privilege);
    }
}

TEST_CASE("a client that repeats its request gets control when the owner's heartbeat has timed out") {
    VirtualCamera camera;
    FakeClient owner(camera), heir(camera, kSecond);
    owner.take_control();
    camera.run_for(100ms);
    owner.must_read(0x0A00);
    owner.die();
    int tries = 1;
    while (heir.take_control() != 0) {
        camera.run_for(400ms);
        ++tries;
    }
    CHECK(tries == 9);  // 8 tries come before 3 s are over.
}

TEST_CASE("what an application wrote before its time was over is not confirmed afterwards") {
    VirtualCamera camera;
    FakeClient sleeper(camera), other(camera, kSecond);
    const auto take = be32(0x0A00) + be32(2);
    CHECK(sleeper.write(0x0A00, 2) == 0);
    CHECK(sleeper.write(0x0938, 500) == 0);
    CHECK(sleeper.command(0x82, take)->status == 0);
    camera.run_for(600ms);
    CHECK(other.take_control() == 0);
    CHECK(sleeper.repeat()->status == kDenied);
}

TEST_CASE("a client that rewrites its stream channel without closing it starts over") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(200ms);
    client.stop();
    camera.run_for(100ms);
    client.blocks.clear();
    CHECK(client.write(0x0D18, 0x0A000001) == 0);
    CHECK(client.write(0x0D00, 51000) == 0);
    client.start();
    camera.run_for(200ms);
    REQUIRE(client.blocks.size() >= 5);
    CHECK(client.blocks.begin()->first == 1);
}

TEST_CASE("the stream of an idle camera can be moved to another port without closing it") {
    VirtualCamera camera;
    FakeClient client(camera);
    FakeClient listener(camera, {.ip = 0x0A000003});
    client.take_control();
    client.open_stream();
    CHECK(client.write(0x0D18, 0x0A000003) == 0);
    CHECK(client.write(0x0D00, 51000) == 0);
    client.start();
    camera.run_for(200ms);
    CHECK(client.blocks.empty());
    CHECK(listener.complete_blocks() >= 5);
}

TEST_CASE("a stream that runs stays where it is") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(100ms);
    constexpr std::uint16_t kLocked = 0x8004;
    CHECK(client.write(0x0D18, 0x0A000003) == kLocked);
    CHECK(client.write(0x0D00, 51001) == kLocked);
    CHECK(client.write(0x0D04, 0x4000'0000 | 8000) == kLocked);
    CHECK(client.write(0x0960, 0x4000'0000) == kLocked);
    CHECK(client.set("Width", 640) == kLocked);
    CHECK(client.set("PixelFormat", 0x0110002F) == kLocked);
    // The same values again change nothing and are fine.
    CHECK(client.write(0x0D18, 0x0A000001) == 0);
    CHECK(client.write(0x0D00, 51000) == 0);
    CHECK(client.write(0x0D04, 0x4000'0000 | 1500) == 0);
    const auto blocks = client.blocks.size();
    camera.run_for(200ms);
    CHECK(client.blocks.size() > blocks + 4);
    CHECK(client.blocks.rbegin()->first == client.blocks.size());

    // To close it is always allowed, and takes effect at once.
    CHECK(client.write(0x0D00, 0) == 0);
    const auto packets = client.stream_packets;
    camera.run_for(200ms);
    CHECK(client.stream_packets == packets);
}

TEST_CASE("parameters are locked for as long as the client says so, even before it streams") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.set("Width", 640) == 0);
    CHECK(client.set("TLParamsLocked", 1) == 0);
    CHECK(client.set("Width", 800) == 0x8004);
    const auto payload = client.get("PayloadSize");
    CHECK(payload == 640 * 64);
    CHECK(client.set("TLParamsLocked", 0) == 0);
    CHECK(client.set("Width", 800) == 0);
    CHECK(client.get("PayloadSize") == 800 * 64);
}
