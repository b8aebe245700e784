#include <doctest/doctest.h>

#include "tests/support/triggered_camera.h"

// AcquisitionStop, and AcquisitionStart before all is over: a frame of the acquisition before is never
// delivered by the next one.

using namespace support;
using emulator::acquisition::DropCause;

namespace {

constexpr std::uint32_t kExtendedIds = 0x0960;
constexpr std::uint16_t kPreviousBlockDropped = 2;

std::uint64_t ns(Time time) { return static_cast<std::uint64_t>(time.count()); }

struct FreeRun {
    VirtualCamera camera;
    FakeClient client{camera};
    PinRecorder pins{camera};

    explicit FreeRun(double exposure_us) {
        client.take_control();
        client.keep_alive();
        CHECK(client.write(kExtendedIds, 0x4000'0000) == 0);
        client.open_stream();
        CHECK(client.set("ExposureTime", exposure_us) == 0);
        client.start();
    }
};

}  // namespace

TEST_CASE("an exposure that began before AcquisitionStart is not delivered by it") {
    for (const double exposure_us : {50'000.0, 1e6, 30e6}) {
        CAPTURE(exposure_us);
        FreeRun run(exposure_us);
        run.camera.run_for(20ms);
        run.client.stop();
        run.camera.run_for(10ms);
        run.client.set("ExposureTime", 1000);
        run.client.start();
        const auto started = run.camera.now();
        run.camera.run_for(40s);
        REQUIRE(run.client.blocks.size() > 1000);
        CHECK(run.client.complete_blocks() >= run.client.blocks.size() - 1);
        CHECK(run.client.blocks.begin()->first == 1);
        CHECK(run.client.timestamps().front() > ns(started));
        CHECK(run.client.timestamps().front() < ns(started + 100us));
        REQUIRE(run.pins.dropped.size() == 1);
        CHECK(run.pins.dropped[0].cause == DropCause::abandoned);
        CHECK(run.client.blocks.at(1).leader_flags == 0);
    }
}

TEST_CASE("after AcquisitionStop alone the exposure under way is finished and sent") {
    FreeRun run(1e6);
    run.camera.run_for(20ms);
    run.client.stop();
    run.camera.run_for(5s);
    CHECK(run.client.complete_blocks() == 1);
    CHECK(run.client.blocks.size() == 1);
    CHECK(run.pins.dropped.empty());
}

TEST_CASE("an image format that is written after the stop is the next acquisition's, not the last frame's") {
    for (const bool starts : {false, true}) {
        CAPTURE(starts);
        FreeRun run(200'000);
        run.camera.run_for(20ms);
        run.client.stop();
        CHECK(run.client.set("Width", 1024) == 0);
        CHECK(run.client.set("Height", 128) == 0);
        CHECK(run.client.set("PixelFormat", 0x0110'002F) == 0);
        if (starts) run.client.start();
        run.camera.run_for(5s);
        REQUIRE(!run.client.blocks.empty());
        for (const auto& [id, block] : run.client.blocks) {
            if (!block.complete()) continue;
            CHECK(block.size_x() == (starts ? 1024 : 528));
            CHECK(block.size_y() == (starts ? 128 : 64));
            CHECK(block.payload() == run.camera.picture(run.camera.requests[id - 1]));
        }
        if (!starts) CHECK(run.client.complete_blocks() == 1);
    }
}

TEST_CASE("frames that wait to be sent are abandoned by a start, but one that already leaves is finished") {
    Triggered t({{"DeviceLinkThroughputLimit", 1e6},
                 {"DeviceLinkThroughputLimitMode", 1},
                 {"IMXLowLatencyTriggerMode", 1},
                 {"ExposureTime", 100}});
    t.client.stop();
    CHECK(t.client.write(kExtendedIds, 0x4000'0000) == 0);
    t.client.start();
    for (int i = 0; i < 8; ++i) t.pins.pulse(100ms + i * 1ms);
    t.camera.run_until(120ms);
    const auto exposed = t.pins.frames.size();
    CHECK(exposed == 5);  // one leaves, four wait
    t.client.stop();
    t.client.start();
    t.pins.pulse(121ms);
    t.camera.run_until(2s);
    CHECK(t.client.complete_blocks() == 2);
    CHECK(t.client.timestamps().back() == ns(121ms));
    CHECK(t.client.blocks.rbegin()->second.leader_flags == kPreviousBlockDropped);
    CHECK(t.pins.dropped.size() == 4);
    for (const auto& one : t.pins.dropped) CHECK(one.cause == DropCause::abandoned);
}

TEST_CASE("images that a slow host makes late are abandoned by a start as well") {
    VirtualCameraOptions options;
    options.frame_work = 100ms;
    Triggered t({{"ExposureTime", 100}}, options);
    for (int i = 0; i < 5; ++i) t.pins.pulse(100ms + i * 5ms);
    t.camera.run_until(130ms);
    t.client.stop();
    t.client.start();
    t.pins.pulse(140ms);
    t.camera.run_until(3s);
    CHECK(t.client.timestamps() == std::vector<std::uint64_t>{ns(t.pins.frames.back().start)});
    CHECK(t.pins.dropped.size() == 5);
}
