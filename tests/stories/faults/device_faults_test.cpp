#include <doctest/doctest.h>

#include <algorithm>

#include "emulator/camera/leds.h"
#include "sensor_model/defects.h"
#include "tests/stories/faults/fault_camera.h"

// Faults of link and device, as a client sees them.

using namespace fault_camera;

namespace {

constexpr std::uint32_t kHeartbeat = 0x0938;

bool answers(FaultCamera& faulty) {
    faulty.client.acks.clear();
    (void)faulty.client.command(0x80, be32(kHeartbeat));
    return !faulty.client.acks.empty();
}

lens_model::State lens_of(const FaultCamera& faulty) {
    return faulty.camera.camera.lens().state(faulty.camera.now(), 25);
}

}  // namespace

TEST_CASE("faults: a slower link says so, and takes longer for a block") {
    FaultCamera faulty;
    const auto transfer_time = [&faulty] {
        const auto packets = faulty.packets(2);
        REQUIRE(packets.size() == 2 * kPackets);
        return packets[kPackets - 1].at - packets[0].at;
    };
    const auto bytes = [](int megabits) { return Time(kPackets * 1'440LL * 8'000 / megabits); };
    const auto at_gigabit = transfer_time();
    CHECK(at_gigabit < bytes(1000));
    faulty.set({{"fault", "link_speed"}, {"mbps", "100"}});
    CHECK(faulty.camera.camera.device.link_speed_mbps == 100);
    const auto slow = transfer_time();
    CHECK(slow > bytes(100) * 8 / 10);
    CHECK(slow < bytes(100) * 12 / 10);
    faulty.camera.faults.clear();
    CHECK(faulty.camera.camera.device.link_speed_mbps == 1000);
    CHECK(transfer_time() == at_gigabit);
    faulty.set({{"fault", "link_speed"}, {"mbps", "10"}, {"streams", false}});
    CHECK(faulty.packets(2).empty());
}

TEST_CASE("faults: the camera moves to another address, and home again") {
    FaultCamera faulty;
    const auto id = faulty.set({{"fault", "address_change"}, {"address", "10.0.0.120"}, {"for_us", 1e6}});
    CHECK(faulty.hits(id) == 1);
    CHECK(faulty.camera.camera.device.ip.ip == 0x0A000078);
    faulty.camera.run_for(2s);
    CHECK(faulty.camera.camera.device.ip.ip == VirtualCamera::kAddress.ip);
    for (const auto* wrong : {"10.0.0", "10.0.0.256", "camera", ""})
        CHECK_THROWS_AS(faulty.set({{"fault", "address_change"}, {"address", wrong}}), scenes::ConfigError);
}

TEST_CASE("faults: IP configuration takes long after a cable, and after a reset") {
    FaultCamera faulty;
    faulty.set({{"fault", "slow_ip_configuration"}, {"takes_us", 4e6}});
    faulty.set({{"fault", "cable_out"}, {"for_us", 1e6}});
    faulty.camera.run_for(4900ms);
    CHECK_FALSE(answers(faulty));
    faulty.camera.run_for(200ms);
    CHECK(answers(faulty));
    CHECK(faulty.client.take_control() == 0);
    CHECK(faulty.client.write(FakeClient::address_of("DeviceReset"), 0xC07D'B007) == 0);
    faulty.camera.run_for(6900ms);
    CHECK_FALSE(answers(faulty));
    faulty.camera.run_for(200ms);
    CHECK(answers(faulty));
}

TEST_CASE("faults: without power nothing answers, and the camera starts as new") {
    FaultCamera faulty;
    faulty.client.set("Gain", 6);
    faulty.client.start();
    faulty.camera.run_for(100ms);
    const auto packets = faulty.client.stream_packets;
    CHECK(packets > 0);
    faulty.set({{"fault", "power_cycle"}, {"for_us", 10e6}});
    faulty.camera.run_for(9s);
    CHECK_FALSE(answers(faulty));
    CHECK(faulty.client.stream_packets == packets);
    faulty.camera.run_for(3900ms);
    CHECK_FALSE(answers(faulty));
    faulty.camera.run_for(200ms);
    CHECK(answers(faulty));
    CHECK(faulty.client.must_read(0x0A00) == 0);
    CHECK(faulty.client.take_control() == 0);
    CHECK(faulty.client.get("Gain") == 0);
    CHECK(faulty.client.must_read(0x0D00) == 0);
}

TEST_CASE("faults: a supply that dips breaks off the block under way") {
    FaultCamera faulty;
    faulty.set({{"fault", "link_speed"}, {"mbps", "10"}});
    faulty.client.start();
    for (int i = 0; i < 10'000 && faulty.client.stream_packets != kPackets + kPackets / 2; ++i)
        faulty.camera.run_for(50us);
    REQUIRE(faulty.client.stream_packets == kPackets + kPackets / 2);
    faulty.set({{"fault", "brown_out"}});
    faulty.camera.run_for(2s);
    REQUIRE(!faulty.client.blocks.empty());
    CHECK(faulty.client.complete_blocks() == faulty.client.blocks.size() - 1);
    CHECK_FALSE(answers(faulty));
    faulty.camera.run_for(2s);
    CHECK(answers(faulty));
}

TEST_CASE("faults: a stuck motor stands still, completes no move, and goes to its target when it is free") {
    for (const std::string part : {"zoom", "focus"}) {
        CAPTURE(part);
        const std::string feature = part == "zoom" ? "Zoom" : "Focus";
        const auto place = [&](const FaultCamera& faulty) {
            return part == "zoom" ? lens_of(faulty).zoom_steps : lens_of(faulty).focus_counts;
        };
        FaultCamera faulty;
        faulty.client.open_messages();
        faulty.camera.camera.settings.events.notify[emulator::Events::zoom_move_completed] = true;
        faulty.camera.camera.settings.events.notify[emulator::Events::focus_move_completed] = true;
        const auto target = part == "zoom" ? 500 : 9'000;
        // In the midst of a move.
        faulty.client.set(feature, target);
        faulty.camera.run_for(20ms);
        const auto begun = place(faulty);
        faulty.set({{"fault", "motor_stuck"}, {"part", part}});
        faulty.camera.run_for(10s);
        CHECK(place(faulty) == doctest::Approx(begun));
        CHECK(begun != doctest::Approx(target).epsilon(1e-4));
        CHECK(faulty.client.get(feature) == target);
        CHECK(faulty.client.events.empty());
        faulty.client.set(feature, target + 10);
        faulty.camera.run_for(10s);
        CHECK(place(faulty) == doctest::Approx(begun));
        CHECK(faulty.client.events.empty());
        faulty.camera.faults.clear();
        faulty.camera.run_for(10s);
        CHECK(std::abs(place(faulty) - (target + 10)) < 20);
        CHECK(faulty.client.events.size() == 1);
    }
}

TEST_CASE("faults: a stuck iris stands still") {
    FaultCamera faulty;
    const auto before = lens_of(faulty).iris_steps;
    faulty.set({{"fault", "iris_stuck"}});
    CHECK(faulty.client.set("Iris", 100) == 0);
    faulty.camera.run_for(5s);
    CHECK(lens_of(faulty).iris_steps == before);
    faulty.camera.faults.clear();
    faulty.camera.run_for(5s);
    CHECK(lens_of(faulty).iris_steps == doctest::Approx(100).epsilon(0.05));
}

TEST_CASE("faults: a dead strobe is low, and so is what lamps on it get") {
    FaultCamera faulty;
    CHECK(faulty.client.set("StrobeEnable", 1) == 0);
    CHECK(faulty.client.set("StrobePolarity", 1) == 0);
    const auto lit = [&faulty] {
        faulty.stream(2);
        return !faulty.camera.requests.back().strobe_high.empty();
    };
    CHECK(lit());
    faulty.set({{"fault", "strobe_dead"}});
    CHECK_FALSE(lit());
    CHECK_FALSE(faulty.camera.camera.strobe_out());
    faulty.camera.faults.clear();
    CHECK(lit());
}

TEST_CASE("faults: a housing that is too warm is in DeviceTemperature and in the frames") {
    FaultCamera faulty;
    const auto before = faulty.client.get("DeviceTemperature");
    faulty.set({{"fault", "over_temperature"}, {"housing_c", 80}});
    CHECK(faulty.client.get("DeviceTemperature") - before == doctest::Approx(55).epsilon(0.01));
    faulty.stream(1);
    CHECK(faulty.camera.requests.back().housing_c == 80);
    faulty.camera.faults.clear();
    faulty.stream(1);
    CHECK(faulty.camera.requests.back().housing_c == 25);
    CHECK(emulator::leds({.fault = emulator::Fault::over_temperature}, 0s).status.flashes == 3);
}

TEST_CASE("faults: hot pixels grow with time, up to their number") {
    FaultCamera faulty;
    faulty.client.set("AcquisitionFrameRate", 10);
    faulty.set({{"fault", "hot_pixels"}, {"per_s", 100}, {"most", 50}});
    faulty.client.start();
    faulty.camera.run_for(1s);
    std::vector<int> grown;
    for (const auto& request : faulty.camera.requests) grown.push_back(request.grown_hot_pixels);
    REQUIRE(grown.size() >= 9);
    CHECK(std::ranges::is_sorted(grown));
    CHECK(grown.front() < 20);
    CHECK(grown.back() == 50);
    const emulator::Profile profile;
    const auto built = sensor_model::hot_pixels(profile.chip, 1),
               later = sensor_model::hot_pixels(profile.chip, 1, 50);
    CHECK(later.size() == built.size() + 50);
    for (const auto& pixel : built)
        CHECK(std::ranges::any_of(later, [&](const auto& p) { return p.x == pixel.x && p.y == pixel.y; }));
}

TEST_CASE("faults: the clock jumps, and stays there") {
    for (const double jump_us : {5e6, -5e5}) {
        CAPTURE(jump_us);
        FaultCamera faulty;
        faulty.camera.run_for(2s);
        const auto before = faulty.camera.camera.device.clock.ticks(faulty.camera.now());
        faulty.set({{"fault", "clock_jump"}, {"jump_us", jump_us}});
        const auto after = faulty.camera.camera.device.clock.ticks(faulty.camera.now());
        CHECK(static_cast<double>(after) - static_cast<double>(before) == jump_us * 1e3);
    }
}

TEST_CASE("faults: what users of the family report") {
    SUBCASE("TriggerMode is lost when the frame rate is written") {
        FaultCamera faulty;
        faulty.set({{"fault", "trigger_settings_lost"}});
        CHECK(faulty.client.set("TriggerMode", 1) == 0);
        CHECK(faulty.client.get("TriggerMode") == 1);
        CHECK(faulty.client.set("AcquisitionFrameRate", 20) == 0);
        CHECK(faulty.client.get("TriggerMode") == 0);
    }
    SUBCASE("a write of TriggerOverlap freezes the camera") {
        FaultCamera faulty;
        faulty.set({{"fault", "read_only_write_freeze"}});
        faulty.client.start();
        faulty.camera.run_for(100ms);
        (void)faulty.client.set("TriggerOverlap", 1);
        const auto packets = faulty.client.stream_packets;
        faulty.camera.run_for(1s);
        CHECK_FALSE(answers(faulty));
        CHECK(faulty.client.stream_packets <= packets + 1);
        faulty.camera.faults.clear();
        CHECK(answers(faulty));
    }
    SUBCASE("texts of the bootstrap registers cannot be read") {
        FaultCamera faulty;
        const auto id = faulty.set({{"fault", "device_info_unreadable"}});
        faulty.client.acks.clear();
        (void)faulty.client.read_memory(0x0048, 32);
        CHECK(faulty.client.acks.empty());
        CHECK(faulty.hits(id) == 1);
        (void)faulty.client.command(0x02);
        CHECK(faulty.client.acks.size() == 1);
    }
    SUBCASE("PixelFormat is acknowledged and stays") {
        FaultCamera faulty;
        const auto before = faulty.client.get("PixelFormat");
        faulty.set({{"fault", "pixel_format_stuck"}});
        CHECK(faulty.client.set("PixelFormat", 0x0110002F) == 0);
        CHECK(faulty.client.get("PixelFormat") == before);
        faulty.camera.faults.clear();
        CHECK(faulty.client.set("PixelFormat", 0x0110002F) == 0);
        CHECK(faulty.client.get("PixelFormat") == 0x0110002F);
    }
    SUBCASE("exposure times of frame sets read 333") {
        FaultCamera faulty;
        CHECK(faulty.client.set("MultiFrameSetOutputModeExposureTime1", 5000) == 0);
        faulty.set({{"fault", "frame_set_exposure_333"}});
        for (const auto* feature :
             {"MultiFrameSetOutputModeExposureTime0", "MultiFrameSetOutputModeExposureTime3"})
            CHECK(faulty.client.must_read(FakeClient::address_of(feature)) == 333);
        faulty.camera.faults.clear();
        CHECK(faulty.client.get("MultiFrameSetOutputModeExposureTime1") == 5000);
    }
    SUBCASE("the rectangle of AutoFunctionsROI does not follow its preset") {
        FaultCamera faulty;
        CHECK(faulty.client.set("AutoFunctionsROIEnable", 1) == 0);
        CHECK(faulty.client.set("AutoFunctionsROIPreset", 0) == 0);
        const auto full = faulty.client.get("AutoFunctionsROIWidth");
        faulty.set({{"fault", "roi_preset_stale"}});
        CHECK(faulty.client.set("AutoFunctionsROIPreset", 2) == 0);
        CHECK(faulty.client.get("AutoFunctionsROIWidth") == full);
        faulty.camera.faults.clear();
        CHECK(faulty.client.get("AutoFunctionsROIWidth") < full);
    }
    SUBCASE("FocusAuto never ends, until Focus is written") {
        FaultCamera faulty;
        faulty.set({{"fault", "autofocus_stuck"}});
        CHECK(faulty.client.set("FocusAuto", 1) == 0);
        faulty.camera.run_for(60s);
        CHECK(faulty.camera.camera.auto_functions().focusing());
        CHECK(faulty.client.set("Focus", 9'000) == 0);
        CHECK_FALSE(faulty.camera.camera.auto_functions().focusing());
    }
}
