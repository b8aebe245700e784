#include <doctest/doctest.h>

#include "emulator/testbench/line_driver.h"
#include "tests/support/triggered_camera.h"

// Camera time is paused, stepped, stretched and run fast, while clients live on in host time.

using namespace support;
using emulator::acquisition::DropCause;
using emulator::sim::TimeControl;
using emulator::sim::TimeScale;

namespace {

constexpr double kDisabled = 3;  // of PtpStatus

/// A host that needs 30 ms for an image: less than a frame's period only where frames are rare.
VirtualCameraOptions slow_images() {
    VirtualCameraOptions options;
    options.frame_work = 30ms;
    return options;
}

/// One trigger per part on a conveyor: a pulse train at TRIGGER_IN.
struct Conveyor {
    Triggered triggered;
    VirtualCamera& camera = triggered.camera;
    FakeClient& client = triggered.client;
    emulator::testbench::LineDriver line{camera.scheduler,
                                         [this](bool high) { camera.camera.set_trigger_in(high); }};

    explicit Conveyor(const VirtualCameraOptions& options = slow_images(), Values settings = {})
        : triggered(settings, options) {
        client.open_messages();
        client.set("EventSelector", 0);
        client.set("EventNotification", 1);
    }
    /// The train begins at the same camera time in every run.
    void play(Time period, std::uint64_t count) {
        CHECK(line.play({.period = period, .width = 1ms, .count = count, .jitter = period / 4, .seed = 7},
                        100ms));
    }
    /// Host time until all these blocks are complete.
    Time await(std::size_t blocks) {
        const auto from = camera.host.now();
        while (client.complete_blocks() < blocks) {
            camera.run_for(1ms);
            REQUIRE(camera.host.now() < from + 10000s);
        }
        return camera.host.now() - from;
    }
};

struct Seen {
    std::vector<std::uint64_t> stamps;
    std::vector<Bytes> payloads;
    std::vector<Time> starts;
    bool operator==(const Seen&) const = default;
};

Seen seen(const Conveyor& conveyor) {
    Seen all{
        .stamps = conveyor.client.timestamps(), .payloads = {}, .starts = conveyor.triggered.pins.starts()};
    for (const auto& block : conveyor.client.blocks) all.payloads.push_back(block.second.payload());
    CHECK(conveyor.triggered.pins.dropped.empty());
    CHECK(conveyor.triggered.pins.missed.empty());
    return all;
}

/// Twenty parts, as they are seen in real time.
Seen in_real_time(Time period) {
    Conveyor conveyor;
    conveyor.play(period, 20);
    conveyor.await(20);
    return seen(conveyor);
}

}  // namespace

TEST_CASE("paused, a client lives on: it reads and writes, and its heartbeat keeps control") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    camera.run_for(1s);
    camera.time.set_rate(0);
    camera.run_for(60s);
    CHECK(camera.now() == 1s);
    CHECK(client.must_read(0x0A00) == 2);
    CHECK(client.set("ExposureTime", 5000) == 0);
    CHECK(client.get("ExposureTime") == 5000);
    // The timestamp counter is the camera's, and stands still; the heartbeat is the host's, and does not.
    client.write(0x0944, 2);
    CHECK((std::uint64_t{client.must_read(0x0948)} << 32 | client.must_read(0x094C)) == 1'000'000'000);
    client.stop_heartbeat();
    camera.run_for(3500ms);
    CHECK(client.must_read(0x0A00) == 0);
}

TEST_CASE("paused, a camera that was reset boots in host time") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    camera.time.set_rate(0);
    client.write(FakeClient::address_of("DeviceReset"), 0xC07D'B007);
    camera.run_for(3s - 1ms);
    CHECK_FALSE(client.command(0x02));
    camera.run_for(2ms);
    CHECK(client.command(0x02));
}

TEST_CASE("paused, a message that is not acknowledged is repeated and dropped in host time") {
    VirtualCamera camera;
    FakeClient client(camera, {.acknowledges_events = false});
    client.take_control();
    client.keep_alive();
    client.open_messages();
    client.set("EventSelector", emulator::Events::test);
    camera.time.set_rate(0);
    client.set("EventNotification", 1);
    client.set("TestEventGenerate", 1);
    camera.run_for(2s);
    CHECK(client.event_datagrams.size() == 3);
    for (const auto& event : client.events) CHECK(event.timestamp == 0);
}

TEST_CASE(
    "paused, a software trigger waits for a step, and the frame that is exposed is sent while time stands") {
    Triggered triggered;
    auto& camera = triggered.camera;
    camera.run_for(1s);
    camera.time.set_rate(0);
    CHECK(triggered.client.set("TriggerSoftware", 1) == 0);
    camera.run_for(5s);
    CHECK(triggered.pins.frames.empty());
    camera.time.step_to(camera.now() + 500us);
    camera.run_for(1ms);
    REQUIRE(triggered.pins.frames.size() == 1);
    CHECK(triggered.client.blocks.empty());
    // To the next event, and again: exposure ends.
    while (triggered.client.blocks.empty()) {
        REQUIRE(camera.scheduler.next());
        REQUIRE(camera.scheduler.next() < 2s);
        camera.time.step_to(*camera.scheduler.next());
        camera.run_for(20ms);
    }
    CHECK(camera.now() == triggered.pins.frames.front().end);
    camera.run_for(1s);
    CHECK(triggered.client.complete_blocks() == 1);
    CHECK(camera.now() == triggered.pins.frames.front().end);
    const auto start = triggered.pins.frames.front().start;
    CHECK(start >= 1s);
    CHECK(start < 1s + 500us);
    CHECK(triggered.client.timestamps().front() == static_cast<std::uint64_t>(start.count()));
}

TEST_CASE("at every rate frames are those of rate 1, to the bit") {
    const auto expected = in_real_time(200ms);
    REQUIRE(expected.payloads.size() == 20);
    for (const std::int64_t rate :
         {TimeControl::kLeastRate, std::int64_t{500'000}, std::int64_t{2'000'000}}) {
        CAPTURE(rate);
        Conveyor conveyor;
        conveyor.client.keeps_payload = true;
        conveyor.play(200ms, 20);
        conveyor.camera.time.set_rate(rate);
        const auto took = conveyor.await(20);
        CHECK(seen(conveyor) == expected);
        CHECK(protocol::seconds(took) == doctest::Approx(4.0e6 / static_cast<double>(rate)).epsilon(0.03));
    }
    // A rate that the host cannot follow exposes the same, and loses frames as a slow host does.
    Conveyor conveyor;
    conveyor.play(200ms, 200);
    conveyor.camera.time.set_rate(TimeControl::kMostRate);
    conveyor.camera.run_for(1s);
    REQUIRE(conveyor.triggered.pins.frames.size() == 200);
    CHECK(
        std::equal(expected.starts.begin(), expected.starts.end(), conveyor.triggered.pins.starts().begin()));
    CHECK(conveyor.triggered.pins.dropped.size() > 100);
    for (const auto& dropped : conveyor.triggered.pins.dropped)
        CHECK(dropped.cause == DropCause::rendering_late);
}

TEST_CASE("fast, frames are those of rate 1 to the bit, none is lost, and the host alone sets the pace") {
    const auto expected = in_real_time(1s);
    Conveyor conveyor;
    conveyor.play(1s, 20);
    conveyor.camera.time.set_fast();
    const auto took = conveyor.await(20);
    CHECK(seen(conveyor) == expected);
    CHECK(took >= 20 * 30ms);
    CHECK(took < 20 * 35ms);
    CHECK(conveyor.client.events.size() == 20);
    CHECK(conveyor.client.must_read(0x0A00) == 2);
}

TEST_CASE("fast, ten minutes of triggers keep heartbeat and control, and lose nothing") {
    VirtualCameraOptions options;
    options.frame_work = 5ms;
    Conveyor conveyor(options);
    conveyor.client.keeps_payload = false;
    conveyor.play(200ms, 3000);
    conveyor.camera.time.set_fast();
    const auto took = conveyor.await(1000);
    CHECK(took < 8s);
    conveyor.await(3000);
    CHECK(conveyor.camera.now() > 595s);
    CHECK(conveyor.triggered.pins.dropped.empty());
    CHECK(conveyor.triggered.pins.missed.empty());
    CHECK(conveyor.client.events.size() == 3000);
    CHECK(conveyor.client.must_read(0x0A00) == 2);
    conveyor.client.die();
    conveyor.camera.run_for(3500ms);
    CHECK_FALSE(conveyor.camera.camera.device.control.taken());
}

TEST_CASE("fast, a free run loses nothing either") {
    auto options = slow_images();
    VirtualCamera camera(options);
    FakeClient client(camera);
    PinRecorder pins(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    set_fastest(client);
    client.start();
    camera.time.set_fast();
    camera.run_for(3s);
    CHECK(client.complete_blocks() > 90);
    CHECK(pins.dropped.empty());
    CHECK(pins.frames.size() - client.complete_blocks() <= 2);
}

TEST_CASE(
    "fast without anything scheduled, time runs at rate 1, and a software trigger has its time of arrival") {
    Triggered triggered;
    auto& camera = triggered.camera;
    camera.run_for(1s);
    camera.time.set_fast();
    camera.run_for(10s);
    CHECK(camera.now() == 11s);
    CHECK(triggered.client.set("TriggerSoftware", 1) == 0);
    camera.run_for(100ms);
    REQUIRE(triggered.pins.frames.size() == 1);
    CHECK(triggered.pins.frames.front().start >= 11s);
    CHECK(triggered.pins.frames.front().start < 11s + 1ms);
    CHECK(triggered.client.complete_blocks() == 1);
    CHECK(camera.now() > 11s + 90ms);
}

TEST_CASE("fast, a move of the lens is over at once") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.set("Zoom", 500);
    const auto done = camera.camera.lens().done();
    CHECK(done > 1s);
    camera.time.set_fast();
    camera.run_for(1ms);
    CHECK(camera.now() >= done);
}

TEST_CASE("whenever the mode changes, in exposures and readouts too, frames are those of rate 1 to the bit") {
    const auto expected = in_real_time(200ms);
    Conveyor conveyor;
    conveyor.play(200ms, 20);
    auto& [triggered, camera, client, line] = conveyor;
    auto& time = camera.time;
    std::uint64_t dice = 1;
    std::array<int, 5> times{};
    while (client.complete_blocks() < 20) {
        dice = dice * 6364136223846793005 + 1442695040888963407;
        const auto choice = (dice >> 33) % times.size();
        ++times.at(choice);
        if (choice == 0) time.set_rate(0);
        if (choice == 1) time.set_rate(TimeScale::kReal);
        if (choice == 2) time.set_rate(static_cast<std::int64_t>(100'000 + (dice >> 40) % 5'000'000));
        if (choice == 3) time.set_fast();
        if (choice == 4) time.step_to(camera.now() + Time((dice >> 40) % 3'000'000));
        camera.run_for(Time((dice >> 36) % 3'000'000));
    }
    CHECK(seen(conveyor) == expected);
    for (const int often : times) CHECK(often > 5);
}

TEST_CASE("while time is not real PTP stands still: PtpStatus is Disabled, PtpEnable keeps its value") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.set("PtpEnable", 1);
    camera.run_for(20s);
    const auto master = client.get("PtpStatus");
    CHECK(master != kDisabled);
    for (int mode = 0; mode < 4; ++mode) {
        CAPTURE(mode);
        if (mode == 0) camera.time.set_rate(0);
        if (mode == 1) camera.time.set_rate(500'000);
        if (mode == 2) camera.time.set_fast();
        if (mode == 3) camera.time.step_to(camera.now() + 1s);
        CHECK(client.get("PtpStatus") == kDisabled);
        CHECK(client.get("PtpEnable") == 1);
        const auto said = camera.said_by_ptp.size();
        camera.run_for(10s);
        CHECK(camera.said_by_ptp.size() == said);
        camera.time.set_rate(TimeScale::kReal);
        camera.run_for(20s);
        CHECK(client.get("PtpStatus") == master);
    }
    // Enabled and disabled meanwhile, it has its value afterwards.
    camera.time.set_fast();
    client.set("PtpEnable", 0);
    camera.time.set_rate(TimeScale::kReal);
    camera.run_for(20s);
    CHECK(client.get("PtpStatus") == kDisabled);
}
