#include <doctest/doctest.h>

#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;

// What happens at the pins, as the bench sees it, and as the client does.

namespace {

std::vector<std::uint64_t> stamps(const std::vector<Json>& signals) {
    std::vector<std::uint64_t> found;
    for (const auto& signal : signals) found.push_back(signal["time_ns"]);
    return found;
}

std::vector<std::uint64_t> rising(const std::vector<Json>& edges) {
    std::vector<std::uint64_t> found;
    for (const auto& edge : edges)
        if (edge["high"]) found.push_back(edge["time_ns"]);
    return found;
}

}  // namespace

TEST_CASE(
    "bench: each pulse of a train exposes a frame at its edge, and the client gets it with that stamp") {
    TestbenchCamera on_bench;
    on_bench.arm();
    const auto begin =
        on_bench.tell("POST", "/lines/trigger_in/train",
                      R"({"period_us": 50000, "width_us": 100, "count": 5, "at_ns": 20000000})");
    CHECK(begin["begin_ns"] == 20'000'000);
    on_bench.camera.run_for(1s);
    const std::vector<std::uint64_t> wanted{20'000'000, 70'000'000, 120'000'000, 170'000'000, 220'000'000};
    CHECK(rising(on_bench.signals("trigger_in")) == wanted);
    CHECK(stamps(on_bench.signals("trigger_accepted")) == wanted);
    CHECK(stamps(on_bench.signals("exposure_start")) == wanted);
    CHECK(on_bench.client.timestamps() == wanted);
    CHECK(on_bench.client.complete_blocks() == 5);
    const auto starts = on_bench.signals("exposure_start"), ends = on_bench.signals("exposure_end");
    REQUIRE(ends.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(starts[i]["block_id"] == i + 1);
        CHECK(ends[i]["block_id"] == i + 1);
        CHECK(ends[i]["frame"] == starts[i]["frame"]);
        CHECK(ends[i]["time_ns"].get<std::uint64_t>() - wanted[i] == 1'000'000);
    }
    CHECK(on_bench.signals("readout_end").size() == 5);
    CHECK(on_bench.signals("frame_submitted").size() == 5);
    CHECK(on_bench.get("")["counts"]["frames_submitted"] == 5);
}

TEST_CASE(
    "bench: the strobe's edges are those of the exposure, and its transistor is on while the pin is low") {
    TestbenchCamera on_bench;
    on_bench.client.set("StrobeEnable", 1);
    on_bench.arm();
    on_bench.tell("POST", "/lines/trigger_in/train", R"({"period_us": 50000, "width_us": 100, "count": 3})");
    on_bench.camera.run_for(500us);
    const auto during = on_bench.get("/lines")["strobe_out"];
    CHECK(during["pulse"] == true);
    CHECK(during["high"] == false);  // active low at power-up
    CHECK(during["transistor_on"] == true);
    on_bench.camera.run_for(1s);
    const auto after = on_bench.get("/lines")["strobe_out"];
    CHECK(after["pulse"] == false);
    CHECK(after["high"] == true);
    CHECK(after["transistor_on"] == false);

    std::vector<std::uint64_t> falls, rises;
    for (const auto& edge : on_bench.signals("strobe_out"))
        (edge["high"] ? rises : falls).push_back(edge["time_ns"]);
    REQUIRE(rises.size() == 4);
    rises.erase(rises.begin());  // when the strobe was enabled
    CHECK(falls == stamps(on_bench.signals("exposure_start")));
    CHECK(rises == stamps(on_bench.signals("exposure_end")));
}

TEST_CASE("bench: a contact that bounces triggers once for each pulse if the camera suppresses noise") {
    const std::string train =
        R"({"period_us": 50000, "width_us": 20000, "count": 10, "bounce": {"times": 4, "us": 2000}, "seed": 3})";
    const auto triggers = [&](double denoise_us) {
        TestbenchCamera on_bench;
        on_bench.client.set("TriggerDenoise", denoise_us);
        on_bench.arm();
        on_bench.tell("POST", "/lines/trigger_in/train", train);
        on_bench.camera.run_for(1s);
        CHECK(on_bench.signals("trigger_in").size() == 10 * 18);
        return on_bench.signals("trigger_accepted").size() + on_bench.signals("trigger_missed").size();
    };
    CHECK(triggers(0) == 10 * 9);  // the line rises 5 times as the contact closes, and 4 times as it opens
    CHECK(triggers(1000) == 10);   // the longest that a bounce can last is two slots of 250 us
}

TEST_CASE(
    "bench: triggers that come too early are missed, and reported to the client and in the signals alike") {
    TestbenchCamera on_bench;
    on_bench.client.open_messages();
    on_bench.client.set("EventSelector", 1);
    on_bench.client.set("EventNotification", 1);
    on_bench.client.set("AcquisitionFrameRate", 300);
    on_bench.arm();
    // The image is exposed for 1 ms: while it is, the sensor cannot begin anew.
    on_bench.tell("POST", "/lines/trigger_in/train", R"({"period_us": 500, "width_us": 100, "count": 100})");
    on_bench.camera.run_for(1s);
    const auto accepted = on_bench.signals("trigger_accepted"), missed = on_bench.signals("trigger_missed");
    CHECK(accepted.size() + missed.size() == 100);
    CHECK(accepted.size() >= 10);
    REQUIRE(on_bench.client.events.size() == missed.size());
    for (std::size_t i = 0; i < missed.size(); ++i) {
        CHECK(missed[i]["source"] == "line1");
        CHECK(missed[i]["time_ns"] == on_bench.client.events[i].timestamp);
    }
    CHECK(on_bench.get("")["counts"]["triggers_missed"] == missed.size());
}

TEST_CASE("bench: a client reads what the bench drives") {
    TestbenchCamera on_bench;
    CHECK(on_bench.client.get("GPIIn") == 1);
    CHECK(on_bench.get("/lines")["trigger_in"]["gpin"] == 1);
    on_bench.tell("PUT", "/lines/trigger_in", R"({"high": true})");
    CHECK(on_bench.client.get("GPIIn") == 0);
    CHECK(on_bench.get("/lines")["trigger_in"]["gpin"] == 0);
    CHECK(on_bench.get("/lines")["trigger_in"]["high"] == true);
    on_bench.tell("PUT", "/lines/trigger_in", R"({"high": false, "after_us": 1500})");
    on_bench.camera.run_for(1499us);
    CHECK(on_bench.client.get("GPIIn") == 0);
    on_bench.camera.run_for(1us);
    CHECK(on_bench.client.get("GPIIn") == 1);
}

TEST_CASE("bench: the LEDs follow a triggered stream") {
    TestbenchCamera on_bench;
    on_bench.camera.run_for(1s);
    CHECK(on_bench.colour() == "blue");
    on_bench.arm();
    CHECK(on_bench.colour() == "green");
    on_bench.tell("POST", "/lines/trigger_in/pulse", R"({"width_us": 10})");
    CHECK(on_bench.colour() == "yellow");  // exposed
    on_bench.camera.run_for(1ms + 10us);
    CHECK(on_bench.colour() == "yellow");  // read and sent
    CHECK(on_bench.get("/leds")["rj45_orange"] == true);
    on_bench.camera.run_for(100ms);
    CHECK(on_bench.colour() == "green");
    on_bench.client.stop();
    CHECK(on_bench.colour() == "blue");
}

TEST_CASE("bench: between the images of a slow stream the LED stays yellow") {
    TestbenchCamera on_bench;
    on_bench.client.set("Height", 1536);  // So slow can only many rows be.
    CHECK(on_bench.client.set("AcquisitionFrameRate", 1) == 0);
    on_bench.client.start();
    for (int i = 0; i < 30; ++i) {
        on_bench.camera.run_for(100ms);
        CHECK(on_bench.colour() == "yellow");
    }
    CHECK(on_bench.client.complete_blocks() <= 4);
}

TEST_CASE("bench: while the camera starts or looks for its address the LED blinks blue") {
    VirtualCamera camera;
    emulator::testbench::SceneInForce scene(camera.camera, camera.time.camera(),
                                            testbench_camera::scene_of("flat_field"));
    emulator::testbench::Bench bench(camera.camera, camera.time, scene, camera.faults,
                                     emulator::testbench::SceneLibrary());
    const auto blinks = [&] {
        return bench.leds().status.blinking && bench.leds().status.colour == emulator::LedColour::blue;
    };
    camera.run_for(5s);
    CHECK(blinks());
    bench.started();
    CHECK(!blinks());
    camera.camera.restart_ip_configuration();
    CHECK(blinks());
    camera.run_for(2s);
    CHECK(!blinks());
}

TEST_CASE("bench: a memory that cannot be written is a red code, until it can") {
    VirtualCameraOptions options;
    options.flash_works = false;
    TestbenchCamera on_bench(options);
    const Bytes name{'c', 'a', 'm', 0};
    on_bench.client.write_memory(0x00E8, name);
    const auto broken = on_bench.get("/leds")["status"];
    CHECK(broken["colour"] == "red");
    CHECK(broken["flashes"] == 2);

    TestbenchCamera healthy;
    healthy.bench.on_stored(false);
    CHECK(healthy.colour() == "red");
    healthy.client.write_memory(0x00E8, name);
    CHECK(healthy.colour() == "blue");
}

TEST_CASE("bench: a reset blinks blue until the camera answers again") {
    TestbenchCamera on_bench;
    on_bench.client.start();
    on_bench.camera.run_for(500ms);
    CHECK(on_bench.colour() == "yellow");
    CHECK(on_bench.client.set("DeviceReset", 0xC07D'B007) == 0);
    on_bench.camera.run_for(2900ms);
    CHECK(on_bench.get("/leds")["status"]["blinking"] == true);
    CHECK(on_bench.colour() == "blue");
    on_bench.camera.run_for(200ms);
    CHECK(on_bench.get("/leds")["status"]["blinking"] == false);
    CHECK(on_bench.colour() == "blue");
    CHECK(on_bench.get("/lines")["trigger_in"]["high"] == false);
}

TEST_CASE("bench: datagrams light the orange LED for a moment") {
    TestbenchCamera on_bench;
    on_bench.client.stop_heartbeat();
    on_bench.camera.run_for(200ms);
    CHECK(on_bench.get("/leds")["rj45_orange"] == false);
    on_bench.client.must_read(0x0A00);
    CHECK(on_bench.get("/leds")["rj45_orange"] == true);
    on_bench.camera.run_for(200ms);
    CHECK(on_bench.get("/leds")["rj45_orange"] == false);
}

TEST_CASE("bench: a part of the lens is signalled as it sets out and as it arrives, with the event's stamp") {
    TestbenchCamera on_bench;
    on_bench.client.open_messages();
    on_bench.client.set("EventSelector", 5);  // ZoomMoveCompleted
    on_bench.client.set("EventNotification", 1);
    const auto before = on_bench.camera.now();
    on_bench.client.set("Zoom", 500);
    on_bench.camera.run_for(20s);
    const auto begins = on_bench.signals("lens_move_begin"), ends = on_bench.signals("lens_move_end");
    REQUIRE(begins.size() == 1);
    REQUIRE(ends.size() == 1);
    CHECK(begins[0]["part"] == "zoom");
    CHECK(ends[0]["part"] == "zoom");
    CHECK(begins[0]["time_ns"] == before.count());
    REQUIRE(on_bench.client.events.size() == 1);
    CHECK(ends[0]["time_ns"] == on_bench.client.events[0].timestamp);
}

TEST_CASE("bench: what a slow host cannot make is signalled as dropped") {
    VirtualCameraOptions options;
    options.frame_work = 80ms;
    TestbenchCamera on_bench(options);
    on_bench.client.start();
    on_bench.camera.run_for(3s);
    on_bench.client.stop();
    on_bench.camera.run_for(3s);
    const auto counts = on_bench.get("")["counts"];
    CHECK(counts["frames_dropped"].get<int>() > 0);
    CHECK(counts["frames_dropped"].get<int>() + counts["frames_submitted"].get<int>() ==
          counts["frames_exposed"].get<int>());
    CHECK(on_bench.signals("frame_dropped").size() == counts["frames_dropped"].get<std::size_t>());
    CHECK(on_bench.client.complete_blocks() == counts["frames_submitted"].get<std::size_t>());
}
