#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// One client: it comes, streams, and goes, in good order or without a word.

using namespace support;

TEST_CASE("a client opens the camera, streams, stops and closes") {
    VirtualCamera camera;
    FakeClient client(camera);
    REQUIRE(client.take_control() == 0);
    client.keep_alive();
    client.open_stream();
    client.set("TLParamsLocked", 1);
    client.start();
    camera.run_for(1s);
    client.stop();
    camera.run_for(100ms);
    CHECK(client.blocks.size() == 30);
    CHECK(client.complete_blocks() == client.blocks.size());

    const auto after_stop = client.stream_packets;
    camera.run_for(1s);
    CHECK(client.stream_packets == after_stop);

    CHECK(client.set("TLParamsLocked", 0) == 0);
    CHECK(client.write(0x0D00, 0) == 0);
    CHECK(client.write(0x0A00, 0) == 0);
    CHECK(client.must_read(0x0A00) == 0);
}

TEST_CASE("every block says what it holds, and holds what the sensor saw") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.set("OffsetAutoCenter", 0);
    client.set("OffsetX", 100);
    client.set("OffsetY", 200);
    client.start();
    camera.run_for(200ms);
    REQUIRE(client.blocks.size() >= 5);
    for (const auto& entry : client.blocks) {
        const auto id = entry.first;
        const auto& block = entry.second;
        CAPTURE(id);
        REQUIRE(block.complete());
        CHECK(block.pixel_format() == 0x01080009);
        CHECK(block.size_x() == 528);
        CHECK(block.size_y() == 64);
        CHECK(block.offset_x() == 100);
        CHECK(block.offset_y() == 200);
        CHECK(number_at(*block.trailer, 4, 4) == 64);
        CHECK(block.payload() == camera.picture(camera.requests[id - 1]));
        CHECK(block.timestamp() == static_cast<std::uint64_t>(camera.requests[id - 1].start.count()));
    }
}

TEST_CASE("block ids begin at 1 whenever the stream channel opens") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    for (int session = 0; session < 3; ++session) {
        client.blocks.clear();
        client.open_stream();
        client.start();
        camera.run_for(300ms);
        client.stop();
        camera.run_for(100ms);
        REQUIRE(client.blocks.size() >= 8);
        CHECK(client.blocks.begin()->first == 1);
        CHECK(client.blocks.rbegin()->first == client.blocks.size());
        CHECK(client.write(0x0D00, 0) == 0);
    }
}

TEST_CASE("block ids go on over a pause of the acquisition") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(300ms);
    client.stop();
    camera.run_for(100ms);
    const auto before = client.blocks.size();
    client.start();
    camera.run_for(300ms);
    CHECK(client.blocks.size() > before + 5);
    CHECK(client.blocks.rbegin()->first == client.blocks.size());
}

TEST_CASE("a client that dies loses control after its heartbeat, and the stream ends") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0938, 1000);
    client.open_stream();
    client.set("TLParamsLocked", 1);
    client.start();
    const auto last_word = camera.now();
    client.die();
    FakeClient other(camera, {.ip = 0x0A000002});

    camera.run_until(last_word + 999ms);
    CHECK(other.must_read(0x0A00) == 2);
    CHECK(other.take_control() == 0x8006);
    CHECK(camera.camera.streaming());

    camera.run_until(last_word + 1s);
    CHECK(other.must_read(0x0A00) == 0);
    CHECK(other.must_read(0x0A04) == 0);
    CHECK(other.must_read(0x0A14) == 0);
    CHECK(other.must_read(0x0D00) == 0);
    CHECK(other.get("TLParamsLocked") == 0);
    CHECK_FALSE(camera.camera.streaming());
    const auto sent = camera.stream_packets;
    camera.run_for(1s);
    CHECK(camera.stream_packets == sent);
    CHECK(other.take_control() == 0);
}

TEST_CASE("settings survive the client that made them") {
    VirtualCamera camera;
    FakeClient first(camera);
    first.take_control();
    first.write(0x0938, 500);
    first.open_stream(4000);
    first.set("ExposureTime", 1234);
    first.die();
    camera.run_for(600ms);
    FakeClient second(camera, {.ip = 0x0A000002});
    CHECK(second.get("ExposureTime") == 1234);
    CHECK(second.must_read(0x0D04) == (0x4000'0000 | 4000));
    CHECK(second.must_read(0x0D18) == 0x0A000001);
}

TEST_CASE("a client that only reads keeps control, and one that only receives loses it") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.start();
    client.keep_alive(2900ms);
    camera.run_for(20s);
    CHECK(client.must_read(0x0A00) == 2);
    CHECK(camera.camera.streaming());

    client.stop_heartbeat();
    client.write(0x0938, 500);
    const auto silent_from = camera.now();
    while (camera.now() < silent_from + 450ms) {
        camera.run_for(10ms);
        client.ask_resend(1, 0, 0);  // Resends come from the stream's socket and are no sign of life.
    }
    camera.run_for(60ms);
    CHECK_FALSE(camera.camera.streaming());
}

TEST_CASE("a client without heartbeat keeps control as long as it likes") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write(0x0954, 1) == 0);
    camera.run_for(3600s);
    CHECK(client.must_read(0x0A00) == 2);
    CHECK(client.write(0x0954, 0) == 0);
    camera.run_for(3001ms);
    CHECK(client.must_read(0x0A00) == 0);
}

TEST_CASE("a stream to a closed port ends when the client's host reports it") {
    VirtualCamera camera({.refuses_when_deaf = true});
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.keep_alive();
    client.start();
    camera.run_for(200ms);
    REQUIRE(camera.camera.streaming());
    camera.leave(client.stream_end());
    camera.run_for(200ms);
    CHECK_FALSE(camera.camera.streaming());
    CHECK(client.must_read(0x0D00) == 0);
    CHECK(client.must_read(0x0A00) == 2);
    const auto sent = camera.stream_packets;
    camera.run_for(1s);
    CHECK(camera.stream_packets == sent);
}

TEST_CASE("a stream that is unconditional outlives its client and its port") {
    VirtualCamera camera({.refuses_when_deaf = true});
    FakeClient client(camera);
    client.take_control();
    CHECK((client.must_read(0x0D20) & 2) != 0);
    CHECK(client.write(0x0D24, 2) == 0);
    client.open_stream();
    client.start();
    camera.run_for(100ms);
    client.die();
    const auto sent = camera.stream_packets;
    camera.run_for(10s);
    CHECK(camera.stream_packets > sent + 5000);
    FakeClient next(camera, {.ip = 0x0A000002});
    CHECK(next.take_control() == 0);
    next.stop();
    CHECK(next.write(0x0D00, 0) == 0);
    CHECK_FALSE(camera.camera.streaming());
}

TEST_CASE("an unconditional stream goes on from the address that its camera is forced to") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0D24, 2);
    client.open_stream();
    client.start();
    camera.run_for(200ms);
    client.write(0x0A00, 0);
    const auto blocks = client.blocks.size();
    const auto force = be64(camera.camera.device.identity.mac) + Bytes(12) + be32(0x0A0000AA) + Bytes(12) +
                       be32(0xFFFFFF00) + Bytes(16);
    REQUIRE(client.command(0x04, force).value_or(Ack{}).status == 0);
    camera.run_for(1s);
    CHECK(camera.camera.streaming());
    CHECK(client.blocks.size() >= blocks + 29);
    // Numbers go on, and what was under way is lost: a part of one block, and one that waited.
    CHECK(client.blocks.rbegin()->first >= client.blocks.size());
    CHECK(client.blocks.rbegin()->first <= client.blocks.size() + 1);
    CHECK(client.complete_blocks() + 2 >= client.blocks.size());
}

TEST_CASE("a retransmitted AcquisitionStart is answered again and not executed again") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    const auto start = be32(FakeClient::address_of("AcquisitionStart")) + be32(1);
    const auto first = client.command(0x82, start);
    camera.run_for(50ms);
    camera.camera.settings.acquisition.frame_rate_hz = 30;
    CHECK(camera.camera.stop_acquisition() == protocol::Status::success);
    const auto again = client.repeat();
    REQUIRE(first);
    REQUIRE(again);
    CHECK(again->status == 0);
    CHECK(again->id == first->id);
    CHECK(again->payload == first->payload);
    CHECK_FALSE(camera.camera.streaming());

    // The same write under another number is another command.
    CHECK(client.command(0x82, start)->status == 0);
    CHECK(camera.camera.streaming());
}

TEST_CASE("changes of exposure and gain take effect with the next frame") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(105ms);
    const auto begun = camera.requests.size();
    client.set("Gain", 12);
    client.set("ExposureTime", 2000);
    camera.run_for(100ms);
    REQUIRE(camera.requests.size() > begun + 2);
    CHECK(camera.requests[begun - 1].settings.exposure.gain_db == 0);
    CHECK(camera.requests[begun - 1].settings.exposure.time_us == 1000);
    CHECK(camera.requests[begun].settings.exposure.gain_db == 12);
    CHECK(camera.requests[begun].settings.exposure.time_us == 2000);
}

TEST_CASE("what a frame depends on is frozen when its exposure begins") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.set("ExposureTime", 20'000);
    client.start();
    camera.run_for(10ms);
    client.set("Gain", 6);
    camera.run_for(15ms);
    REQUIRE(camera.requests.size() == 1);
    CHECK(camera.requests[0].settings.exposure.gain_db == 0);
}

TEST_CASE("an AcquisitionStop lets the frame under way finish") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.set("ExposureTime", 20'000);
    client.start();
    camera.run_for(10ms);
    client.stop();
    camera.run_for(1s);
    CHECK(client.blocks.size() == 1);
    CHECK(client.complete_blocks() == 1);
}

TEST_CASE("stopping a camera that does not run, and starting one that does, is a success without effect") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    CHECK(client.set("AcquisitionStop", 1) == 0);
    client.start();
    camera.run_for(10ms);
    CHECK(client.set("AcquisitionStart", 1) == 0);
    client.keep_alive();
    camera.run_for(1010ms);  // half a readout more
    CHECK(client.blocks.size() == 30);
}

TEST_CASE("frames carry true stamps although the client sets the clock to zero meanwhile") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.set("ExposureTime", 20'000);
    client.set("PtpEnable", 0);
    camera.run_for(5s - camera.now());
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(10ms);
    CHECK(client.write(0x0944, 1) == 0);
    camera.run_for(150ms);
    REQUIRE(client.blocks.size() >= 3);
    CHECK(client.blocks.at(1).timestamp() == 5'000'025'000);
    for (std::uint64_t id = 2; id <= client.blocks.size(); ++id)
        CHECK(client.blocks.at(id).timestamp() < 200'000'000);
}
