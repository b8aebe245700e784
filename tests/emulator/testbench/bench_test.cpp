#include <doctest/doctest.h>

#include "tests/emulator/testbench/studio.h"

using namespace studio;

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
    Studio studio;
    studio.arm();
    const auto begin = studio.tell("POST", "/trigger_in/train",
                                   R"({"period_us": 50000, "width_us": 100, "count": 5, "at_ns": 20000000})");
    CHECK(begin["begin_ns"] == 20'000'000);
    studio.camera.run_for(1s);
    const std::vector<std::uint64_t> wanted{20'000'000, 70'000'000, 120'000'000, 170'000'000, 220'000'000};
    CHECK(rising(studio.signals("trigger_in")) == wanted);
    CHECK(stamps(studio.signals("trigger_accepted")) == wanted);
    CHECK(stamps(studio.signals("exposure_start")) == wanted);
    CHECK(studio.client.timestamps() == wanted);
    CHECK(studio.client.complete_blocks() == 5);
    const auto starts = studio.signals("exposure_start"), ends = studio.signals("exposure_end");
    REQUIRE(ends.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(starts[i]["block_id"] == i + 1);
        CHECK(ends[i]["block_id"] == i + 1);
        CHECK(ends[i]["frame"] == starts[i]["frame"]);
        CHECK(ends[i]["time_ns"].get<std::uint64_t>() - wanted[i] == 1'000'000);
    }
    CHECK(studio.signals("readout_end").size() == 5);
    CHECK(studio.signals("frame_submitted").size() == 5);
    CHECK(studio.get("/state")["counts"]["frames_submitted"] == 5);
}

TEST_CASE(
    "bench: the strobe's edges are those of the exposure, and its transistor is on while the pin is low") {
    Studio studio;
    studio.client.set("StrobeEnable", 1);
    studio.arm();
    studio.tell("POST", "/trigger_in/train", R"({"period_us": 50000, "width_us": 100, "count": 3})");
    studio.camera.run_for(500us);
    const auto during = studio.get("/lines")["strobe_out"];
    CHECK(during["pulse"] == true);
    CHECK(during["high"] == false);  // active low at power-up
    CHECK(during["transistor_on"] == true);
    studio.camera.run_for(1s);
    const auto after = studio.get("/lines")["strobe_out"];
    CHECK(after["pulse"] == false);
    CHECK(after["high"] == true);
    CHECK(after["transistor_on"] == false);

    std::vector<std::uint64_t> falls, rises;
    for (const auto& edge : studio.signals("strobe_out"))
        (edge["high"] ? rises : falls).push_back(edge["time_ns"]);
    REQUIRE(rises.size() == 4);
    rises.erase(rises.begin());  // when the strobe was enabled
    CHECK(falls == stamps(studio.signals("exposure_start")));
    CHECK(rises == stamps(studio.signals("exposure_end")));
}

TEST_CASE("bench: a contact that bounces triggers once for each pulse if the camera suppresses noise") {
    const std::string train =
        R"({"period_us": 50000, "width_us": 20000, "count": 10, "bounce": {"times": 4, "us": 2000}, "seed": 3})";
    const auto triggers = [&](double denoise_us) {
        Studio studio;
        studio.client.set("TriggerDenoise", denoise_us);
        studio.arm();
        studio.tell("POST", "/trigger_in/train", train);
        studio.camera.run_for(1s);
        CHECK(studio.signals("trigger_in").size() == 10 * 18);
        return studio.signals("trigger_accepted").size() + studio.signals("trigger_missed").size();
    };
    CHECK(triggers(0) == 10 * 9);  // the line rises 5 times as the contact closes, and 4 times as it opens
    CHECK(triggers(1000) == 10);   // the longest that a bounce can last is two slots of 250 us
}

TEST_CASE("bench: triggers that come too early are missed, and told to the client and in the signals alike") {
    Studio studio;
    studio.client.open_messages();
    studio.client.set("EventSelector", 1);
    studio.client.set("EventNotification", 1);
    studio.client.set("AcquisitionFrameRate", 300);
    studio.arm();
    // The image is exposed for 1 ms: while it is, the sensor cannot begin anew.
    studio.tell("POST", "/trigger_in/train", R"({"period_us": 500, "width_us": 100, "count": 100})");
    studio.camera.run_for(1s);
    const auto accepted = studio.signals("trigger_accepted"), missed = studio.signals("trigger_missed");
    CHECK(accepted.size() + missed.size() == 100);
    CHECK(accepted.size() >= 10);
    REQUIRE(studio.client.events.size() == missed.size());
    for (std::size_t i = 0; i < missed.size(); ++i) {
        CHECK(missed[i]["source"] == "line1");
        CHECK(missed[i]["time_ns"] == studio.client.events[i].timestamp);
    }
    CHECK(studio.get("/state")["counts"]["triggers_missed"] == missed.size());
}

TEST_CASE("bench: a client reads what the bench drives") {
    Studio studio;
    CHECK(studio.client.get("GPIIn") == 1);
    CHECK(studio.get("/lines")["trigger_in"]["gpin"] == 1);
    studio.tell("PUT", "/trigger_in", R"({"high": true})");
    CHECK(studio.client.get("GPIIn") == 0);
    CHECK(studio.get("/lines")["trigger_in"]["gpin"] == 0);
    CHECK(studio.get("/lines")["trigger_in"]["high"] == true);
    studio.tell("PUT", "/trigger_in", R"({"high": false, "after_us": 1500})");
    studio.camera.run_for(1499us);
    CHECK(studio.client.get("GPIIn") == 0);
    studio.camera.run_for(1us);
    CHECK(studio.client.get("GPIIn") == 1);
}

TEST_CASE("bench: the LEDs follow a triggered stream") {
    Studio studio;
    studio.camera.run_for(1s);
    CHECK(studio.colour() == "blue");
    studio.arm();
    CHECK(studio.colour() == "green");
    studio.tell("POST", "/trigger_in/pulse", R"({"width_us": 10})");
    CHECK(studio.colour() == "yellow");  // exposed
    studio.camera.run_for(1ms + 10us);
    CHECK(studio.colour() == "yellow");  // read and sent
    CHECK(studio.get("/leds")["rj45_orange"] == true);
    studio.camera.run_for(100ms);
    CHECK(studio.colour() == "green");
    studio.client.stop();
    CHECK(studio.colour() == "blue");
}

TEST_CASE("bench: between the images of a slow stream the LED stays yellow") {
    Studio studio;
    studio.client.set("Height", 1536);  // So slow can only many rows be.
    CHECK(studio.client.set("AcquisitionFrameRate", 1) == 0);
    studio.client.start();
    for (int i = 0; i < 30; ++i) {
        studio.camera.run_for(100ms);
        CHECK(studio.colour() == "yellow");
    }
    CHECK(studio.client.complete_blocks() <= 4);
}

TEST_CASE("bench: while the camera starts or looks for its address the LED blinks blue") {
    VirtualCamera camera;
    const scenes::World world;
    emulator::bench::Bench bench(camera.camera, camera.scheduler, world);
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
    Studio studio(options);
    const Bytes name{'c', 'a', 'm', 0};
    studio.client.write_memory(0x00E8, name);
    const auto broken = studio.get("/leds")["status"];
    CHECK(broken["colour"] == "red");
    CHECK(broken["flashes"] == 2);

    Studio healthy;
    healthy.bench.on_stored(false);
    CHECK(healthy.colour() == "red");
    healthy.client.write_memory(0x00E8, name);
    CHECK(healthy.colour() == "blue");
}

TEST_CASE("bench: a reset blinks blue until the camera answers again") {
    Studio studio;
    studio.client.start();
    studio.camera.run_for(500ms);
    CHECK(studio.colour() == "yellow");
    CHECK(studio.client.set("DeviceReset", 0xC07D'B007) == 0);
    studio.camera.run_for(2900ms);
    CHECK(studio.get("/leds")["status"]["blinking"] == true);
    CHECK(studio.colour() == "blue");
    studio.camera.run_for(200ms);
    CHECK(studio.get("/leds")["status"]["blinking"] == false);
    CHECK(studio.colour() == "blue");
    CHECK(studio.get("/lines")["trigger_in"]["high"] == false);
}

TEST_CASE("bench: datagrams light the orange LED for a moment") {
    Studio studio;
    studio.client.stop_heartbeat();
    studio.camera.run_for(200ms);
    CHECK(studio.get("/leds")["rj45_orange"] == false);
    studio.client.must_read(0x0A00);
    CHECK(studio.get("/leds")["rj45_orange"] == true);
    studio.camera.run_for(200ms);
    CHECK(studio.get("/leds")["rj45_orange"] == false);
}

TEST_CASE("bench: a part of the lens is signalled as it sets out and as it arrives, with the event's stamp") {
    Studio studio;
    studio.client.open_messages();
    studio.client.set("EventSelector", 5);  // ZoomMoveCompleted
    studio.client.set("EventNotification", 1);
    const auto before = studio.camera.now();
    studio.client.set("Zoom", 500);
    studio.camera.run_for(20s);
    const auto begins = studio.signals("lens_move_begin"), ends = studio.signals("lens_move_end");
    REQUIRE(begins.size() == 1);
    REQUIRE(ends.size() == 1);
    CHECK(begins[0]["part"] == "zoom");
    CHECK(ends[0]["part"] == "zoom");
    CHECK(begins[0]["time_ns"] == before.count());
    REQUIRE(studio.client.events.size() == 1);
    CHECK(ends[0]["time_ns"] == studio.client.events[0].timestamp);
}

TEST_CASE("bench: what a slow host cannot make is signalled as dropped") {
    VirtualCameraOptions options;
    options.frame_work = 80ms;
    Studio studio(options);
    studio.client.start();
    studio.camera.run_for(3s);
    studio.client.stop();
    studio.camera.run_for(3s);
    const auto counts = studio.get("/state")["counts"];
    CHECK(counts["frames_dropped"].get<int>() > 0);
    CHECK(counts["frames_dropped"].get<int>() + counts["frames_submitted"].get<int>() ==
          counts["frames_exposed"].get<int>());
    CHECK(studio.signals("frame_dropped").size() == counts["frames_dropped"].get<std::size_t>());
    CHECK(studio.client.complete_blocks() == counts["frames_submitted"].get<std::size_t>());
}
