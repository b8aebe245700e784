#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/triggered_camera.h"

// Frames that wait to be sent: how many may, and what becomes of them.

using namespace support;
using emulator::acquisition::DropCause;
using emulator::acquisition::FrameDropped;

namespace {

constexpr std::uint16_t kFrameTriggerMissed = 0x9002;

/// A wire that is slower than the sensor: about 4 ms for a frame of 0.6 ms.
const Values kSlowWire = {{"DeviceLinkThroughputLimit", 10e6},
                          {"DeviceLinkThroughputLimitMode", 1},
                          {"IMXLowLatencyTriggerMode", 1},
                          {"ExposureTime", 100}};

VirtualCameraOptions waiting(int frames) {
    VirtualCameraOptions options;
    options.profile.link.frames_waiting = frames;
    return options;
}

std::size_t count(const std::vector<FrameDropped>& dropped, DropCause cause) {
    return static_cast<std::size_t>(
        std::count_if(dropped.begin(), dropped.end(), [&](const auto& one) { return one.cause == cause; }));
}

}  // namespace

TEST_CASE("a trigger that would need one more frame to wait than may is missed, and no frame is lost") {
    for (const int limit : {1, 2, 4, 16}) {
        CAPTURE(limit);
        Triggered t(kSlowWire, waiting(limit));
        t.client.open_messages();
        t.set({{"EventSelector", 1}, {"EventNotification", 1}});
        for (Time at = 100ms; at < 1100ms; at += 1ms) t.pins.pulse(at);
        t.camera.run_until(2s);
        const auto& frames = t.pins.frames;
        CHECK(frames.size() + t.pins.missed.size() == 1000);
        CHECK(t.pins.missed.size() > 600);
        CHECK(t.client.complete_blocks() == frames.size());
        CHECK(t.pins.dropped.empty());
        for (const auto at : t.pins.missed) {
            std::size_t waits = 0, busy = 0;
            for (std::size_t i = 0; i < frames.size(); ++i) {
                const bool begun = frames[i].start < at;
                waits += begun && t.client.blocks.at(i + 1).first_at > at;
                busy += begun && frames[i].readout_end > at;
            }
            CHECK(waits <= static_cast<std::size_t>(limit));
            CHECK((busy > 0 || waits == static_cast<std::size_t>(limit)));
        }
        std::vector<Time> told;
        for (const auto& event : t.client.events)
            if (event.id == kFrameTriggerMissed) told.push_back(Time(event.timestamp));
        CHECK(told == t.pins.missed);
    }
}

TEST_CASE("a large image on a wire that is too slow for its triggers: what is accepted is delivered") {
    // The sensor is ready 55 times a second, the wire 12 times.
    VirtualCameraOptions options;
    options.profile.row_time_follows_rate = false;
    options.sensor = [](const auto& request) {
        return emulator::MadeFrame{
            Bytes(static_cast<std::size_t>(emulator::acquisition::image_bytes(request.settings.image))), {}};
    };
    Triggered t({{"PixelFormat", 0x0218'0015}, {"Width", 2048}, {"Height", 1536}}, options);
    t.client.keeps_payload = false;
    for (int i = 0; i < 90; ++i) t.pins.pulse(100ms + i * 33'333us);
    t.camera.run_until(5s);
    CHECK(t.pins.frames.size() + t.pins.missed.size() == 90);
    CHECK(t.pins.frames.size() == doctest::Approx(12.04 * 3 + 4).epsilon(0.05));
    CHECK(t.client.complete_blocks() == t.pins.frames.size());
    CHECK(t.pins.dropped.empty());
}

TEST_CASE("a burst waits for the wire and is whole, and so does a free run after triggers") {
    Triggered t(kSlowWire);
    t.set({{"AcquisitionBurstFrameCount", 50}});
    t.pins.pulse(100ms);
    t.camera.run_until(1s);
    CHECK(t.pins.frames.size() == 50);
    CHECK(t.client.complete_blocks() == 50);
    t.set({{"AcquisitionBurstFrameCount", 1}});
    for (int i = 0; i < 20; ++i) t.pins.pulse(1s + i * 1ms);
    t.camera.run_until(1020ms);
    t.set({{"TriggerMode", 0}});
    t.camera.run_until(2s);
    t.client.stop();
    t.camera.run_for(1s);
    CHECK(t.pins.frames.size() > 250);
    CHECK(t.client.complete_blocks() == t.pins.frames.size());
    CHECK(t.pins.dropped.empty());
}

TEST_CASE("frames that wait when the stream channel closes or moves are dropped, and reported") {
    for (const bool moves : {false, true}) {
        CAPTURE(moves);
        Triggered t(kSlowWire);
        for (int i = 0; i < 20; ++i) t.pins.pulse(100ms + i * 1ms);
        t.camera.run_until(120ms);
        const auto exposed = t.pins.frames.size();
        t.client.stop();
        CHECK(t.client.write(0x0D00, moves ? 51001 : 0) == 0);
        t.camera.run_for(1s);
        CHECK(t.client.complete_blocks() + t.pins.dropped.size() == exposed);
        CHECK(t.pins.dropped.size() >= 4);
        CHECK(count(t.pins.dropped, DropCause::channel_closed) == t.pins.dropped.size());
    }
}

TEST_CASE(
    "frames that a sender was held up with are reported when the channel closes or moves, long after their "
    "time") {
    for (const bool moves : {false, true}) {
        CAPTURE(moves);
        Triggered t;
        t.camera.sender_sleeps_until = 3s;
        for (int i = 0; i < 5; ++i) t.pins.pulse(100ms + i * 100ms);
        t.camera.run_until(2s);
        CHECK(t.pins.frames.size() == 5);
        CHECK(t.pins.dropped.empty());
        t.client.stop();
        CHECK(t.client.write(0x0D00, moves ? 51001 : 0) == 0);
        t.camera.run_until(5s);
        CHECK(t.client.blocks.empty());
        REQUIRE(t.pins.dropped.size() == 5);
        CHECK(count(t.pins.dropped, DropCause::channel_closed) == 5);
    }
}

TEST_CASE("an exposure during which the stream channel closes is dropped, and reported") {
    Triggered t({{"ExposureTime", 50'000}});
    t.software_trigger(100ms);
    t.camera.run_until(120ms);
    CHECK(t.client.write(0x0D00, 0) == 0);
    t.camera.run_for(1s);
    CHECK(t.client.blocks.empty());
    REQUIRE(t.pins.dropped.size() == 1);
    CHECK(t.pins.dropped[0].cause == DropCause::channel_closed);
}

TEST_CASE("a host that is too slow for images drops whole ones, and changes no other") {
    const auto run = [](Time work) {
        VirtualCameraOptions options;
        options.frame_work = work;
        Triggered t({{"ExposureTime", 100}}, options);
        for (int i = 0; i < 500; ++i) t.pins.pulse(100ms + i * 2ms);
        t.camera.run_until(10s);
        CHECK(t.pins.frames.size() == 500);
        CHECK(t.client.complete_blocks() + t.pins.dropped.size() == 500);
        CHECK(count(t.pins.dropped, DropCause::rendering_late) == t.pins.dropped.size());
        for (const auto& [id, block] : t.client.blocks)
            CHECK(block.timestamp() == static_cast<std::uint64_t>(t.pins.frames[id - 1].start.count()));
        return std::pair{t.pins.starts(), t.client.blocks.size()};
    };
    const auto quick = run(0ns), slow = run(10ms);
    CHECK(quick.second == 500);
    CHECK(slow.second < 200);
    CHECK(slow.first == quick.first);
}

TEST_CASE("a block that the sender has to leave out is reported with its frame, once") {
    Triggered t;
    t.software_trigger(100ms);
    t.camera.run_until(101'500us);
    REQUIRE(t.pins.frames.size() == 1);
    for (const std::uint64_t block : {1, 1, 7}) t.camera.camera.block_lost(block, DropCause::sending_late);
    REQUIRE(t.pins.dropped.size() == 1);
    CHECK(t.pins.dropped[0].number == t.pins.frames[0].number);
    CHECK(t.pins.dropped[0].cause == DropCause::sending_late);
}
