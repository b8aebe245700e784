#include <doctest/doctest.h>

#include "tests/support/fake_client.h"
#include "tests/support/pin_recorder.h"

// Events of the message channel.

using namespace support;

namespace {

void notify(FakeClient& client, int event) {
    CHECK(client.set("EventSelector", event) == 0);
    CHECK(client.set("EventNotification", 1) == 0);
}

}  // namespace

TEST_CASE("the end of each exposure is an event with the block of the frame") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_messages();
    client.open_stream();
    notify(client, 0);
    client.start();
    camera.run_for(1s);
    client.stop();
    camera.run_for(100ms);
    REQUIRE(client.events.size() == client.blocks.size());
    REQUIRE(client.events.size() >= 29);
    for (std::size_t i = 0; i < client.events.size(); ++i) {
        const auto& event = client.events[i];
        CHECK(event.id == 0x9001);
        CHECK(event.channel == 0);
        CHECK(event.block_id == i + 1);
        CHECK(event.timestamp == client.blocks.at(i + 1).timestamp() + 1'000'000);
        CHECK(event.at.count() == static_cast<std::int64_t>(event.timestamp));
    }
}

TEST_CASE("an event that is not enabled is not sent") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_messages();
    client.open_stream();
    client.start();
    camera.run_for(200ms);
    CHECK(client.event_datagrams.empty());
    notify(client, 0);
    camera.run_for(200ms);
    const auto told = client.events.size();
    CHECK(told >= 5);
    client.set("EventNotification", 0);
    camera.run_for(200ms);
    CHECK(client.events.size() == told);
}

TEST_CASE("a test event is sent on command, without a block") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_messages();
    notify(client, emulator::Events::test);
    camera.run_for(1s);
    CHECK(client.set("TestEventGenerate", 1) == 0);
    REQUIRE(client.events.size() == 1);
    CHECK(client.events[0].channel == 0xFFFF);
    CHECK(client.events[0].block_id == 0);
    CHECK(client.events[0].timestamp == 1'000'000'000);
}

TEST_CASE("events to a client that does not acknowledge are repeated, and the camera goes on") {
    VirtualCamera camera;
    FakeClient client(camera, {.acknowledges_events = false});
    client.take_control();
    client.keep_alive();
    client.write(0x0B14, 100);
    client.write(0x0B18, 3);
    client.open_messages();
    client.open_stream();
    notify(client, emulator::Events::test);
    client.set("TestEventGenerate", 1);
    camera.run_for(5s);
    CHECK(client.event_datagrams.size() == 4);
    for (const auto& datagram : client.event_datagrams) CHECK(datagram == client.event_datagrams[0]);

    notify(client, 0);
    client.start();
    camera.run_for(5s);
    client.stop();
    camera.run_for(100ms);
    CHECK(client.blocks.size() == client.complete_blocks());
    CHECK(client.blocks.size() >= 149);
}

TEST_CASE("the source port of events is known while the channel is open") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.must_read(0x0B1C) == 0);
    client.open_messages();
    CHECK(client.must_read(0x0B1C) == VirtualCamera::kMessagePort);
    CHECK(client.write(0x0B00, 0) == 0);
    CHECK(client.must_read(0x0B1C) == 0);
    client.set("EventSelector", emulator::Events::test);
    client.set("EventNotification", 1);
    client.set("TestEventGenerate", 1);
    CHECK(client.events.empty());
}

TEST_CASE("events end with control") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_messages();
    client.open_stream();
    client.write(0x0D24, 2);  // The stream goes on without control.
    notify(client, 0);
    client.start();
    camera.run_for(100ms);
    CHECK_FALSE(client.events.empty());
    client.write(0x0A00, 0);
    CHECK(client.must_read(0x0B00) == 0);
    const auto told = client.events.size();
    camera.run_for(1s);
    CHECK(client.events.size() == told);
    CHECK(camera.camera.streaming());
}

TEST_CASE("a trigger that comes too early raises EventFrameTriggerMissed at its time, and no frame") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_messages();
    client.open_stream();
    notify(client, emulator::Events::frame_trigger_missed);
    client.set("TriggerMode", 1);
    client.set("IMXLowLatencyTriggerMode", 1);
    PinRecorder pins(camera);
    client.start();
    pins.pulse(100ms);
    pins.pulse(100ms + 500'123ns, 1us);  // in the exposure of the first
    pins.pulse(200ms);
    camera.run_for(500ms);
    CHECK(client.complete_blocks() == 2);
    REQUIRE(client.events.size() == 1);
    CHECK(client.events[0].id == 0x9002);
    CHECK(client.events[0].at == 100ms + 500'123ns);
    CHECK(client.events[0].timestamp - client.blocks.at(1).timestamp() == 500'123);
    CHECK(client.events[0].channel == 0xFFFF);
}

TEST_CASE("both edges of the line are sent, each as its own event, whether they trigger or not") {
    constexpr std::uint16_t kRising = 0x9004, kFalling = 0x9003;
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_messages();
    PinRecorder pins(camera);
    const auto events_of_a_pulse = [&] {
        client.events.clear();
        pins.pulse(camera.now() + 1ms, 3us);
        camera.run_for(1s);
        std::vector<std::pair<std::uint16_t, std::uint64_t>> told;
        for (const auto& event : client.events) told.emplace_back(event.id, event.timestamp % 1'000'000'000);
        return told;
    };
    CHECK(events_of_a_pulse().empty());
    notify(client, emulator::Events::line1_falling_edge);
    CHECK(events_of_a_pulse() == std::vector{std::pair<std::uint16_t, std::uint64_t>{kFalling, 1'003'000}});
    notify(client, emulator::Events::line1_rising_edge);
    client.set("TriggerMode", 1);
    CHECK(events_of_a_pulse().size() == 2);
    client.set("TriggerDenoise", 1000);  // no trigger comes of it, but edges are edges
    CHECK(events_of_a_pulse() == std::vector{std::pair<std::uint16_t, std::uint64_t>{kRising, 1'000'000},
                                             std::pair<std::uint16_t, std::uint64_t>{kFalling, 1'003'000}});
}

TEST_CASE("notification is set for each event by itself") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (int event = 0; event < emulator::Events::count; ++event) {
        client.set("EventSelector", event);
        CHECK(client.get("EventNotification") == 0);
        CHECK(client.set("EventNotification", event % 2) == 0);
    }
    for (int event = 0; event < emulator::Events::count; ++event) {
        client.set("EventSelector", event);
        CHECK(client.get("EventNotification") == event % 2);
    }
}

TEST_CASE("a motor that reaches its target sends an event with its position") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_messages();
    notify(client, emulator::Events::focus_move_completed);
    notify(client, emulator::Events::zoom_move_completed);
    client.set("Focus", 1000);
    camera.run_for(50ms);
    client.set("Focus", 2345);  // On its way the target changes: only the last move is completed.
    camera.run_for(20s);
    client.set("Zoom", 678);
    camera.run_for(20s);
    REQUIRE(client.events.size() == 2);
    for (const auto& datagram : client.event_datagrams) CHECK(number_at(datagram, 2, 2) == 0xC2);
    CHECK(client.events[0].id == 0x9005);
    CHECK(number_at(client.events[0].data, 0, 4) == 2345);
    CHECK(client.events[1].id == 0x9006);
    CHECK(number_at(client.events[1].data, 0, 4) == 678);
    for (const auto& event : client.events) {
        CHECK(event.data.size() == 4);
        CHECK(event.timestamp == static_cast<std::uint64_t>(event.at.count()));
    }
}
