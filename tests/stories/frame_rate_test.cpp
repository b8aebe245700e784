#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "emulator/acquisition/frame_timing.h"
#include "tests/support/triggered_camera.h"

// When frames come: the rates of the manual, and what holds the camera below them.

using namespace support;

namespace {

/// The time between the stamps of two frames in a row, once the camera runs.
double period_s(VirtualCamera& camera, FakeClient& client, int frames = 4) {
    client.blocks.clear();
    client.start();
    while (client.timestamps().size() < static_cast<std::size_t>(frames)) {
        camera.run_for(5ms);
        REQUIRE(camera.now() < 1000s);
    }
    client.stop();
    const auto stamps = client.timestamps();
    camera.run_for(31s);  // The last exposure ends.
    return static_cast<double>(stamps.back() - stamps.front()) / static_cast<double>(stamps.size() - 1) *
           1e-9;
}

void set_size(FakeClient& client, int width, int height) {
    CHECK(client.set("Width", width) == 0);
    CHECK(client.set("Height", height) == 0);
}

}  // namespace

TEST_CASE("the 21 rates of the manual are the whole parts of AcquisitionFrameRate's maximum, and are kept") {
    struct Format {
        std::uint32_t code;
        std::array<int, 3> rates_hz;
    };
    constexpr std::array<std::pair<int, int>, 3> kSizes{{{2048, 1536}, {1920, 1080}, {640, 480}}};
    constexpr std::array kFormats{Format{0x0108'0009, {36, 54, 366}}, Format{0x010C'0059, {24, 36, 245}},
                                  Format{0x0110'002F, {18, 27, 184}}, Format{0x0210'0032, {18, 27, 184}},
                                  Format{0x020C'005A, {24, 36, 245}}, Format{0x020C'003C, {24, 36, 245}},
                                  Format{0x0218'0015, {12, 18, 122}}};
    for (const auto& format : kFormats) {
        for (std::size_t size = 0; size < kSizes.size(); ++size) {
            CAPTURE(format.code);
            CAPTURE(size);
            VirtualCamera camera({.sensor = [](const auto& request) {
                return emulator::MadeFrame{Bytes(static_cast<std::size_t>(
                                               emulator::acquisition::image_bytes(request.settings.image))),
                                           {}};
            }});
            FakeClient client(camera);
            client.keeps_payload = false;
            client.take_control();
            client.open_stream(8000);
            CHECK(client.set("PixelFormat", format.code) == 0);
            set_size(client, kSizes[size].first, kSizes[size].second);
            const double fastest_hz = set_fastest(client);
            CHECK(std::floor(fastest_hz) == format.rates_hz[size]);
            client.start();
            camera.run_for(300ms);
            REQUIRE(camera.requests.size() >= 3);
            for (std::size_t i = 1; i < camera.requests.size(); ++i)
                CHECK(camera.requests[i].start - camera.requests[i - 1].start ==
                      Time(std::llround(1e9 / fastest_hz)));
        }
    }
}

TEST_CASE("a set rate is kept to the nanosecond of its register") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0954, 1);
    client.open_stream();
    for (const double rate_hz : {0.75, 1.0, 7.5, 29.97, 60.0, 400.0}) {
        CAPTURE(rate_hz);
        client.set("Height", rate_hz < 20 ? 1536 : 64);  // The slowest rates take many rows.
        CHECK(client.set("AcquisitionFrameRate", rate_hz) == 0);
        CHECK(client.get("AcquisitionFrameRate") == doctest::Approx(rate_hz));
        CHECK(client.get("FPS") == doctest::Approx(rate_hz));
        CHECK(period_s(camera, client) == doctest::Approx(1 / rate_hz).epsilon(1e-7));
    }
}

TEST_CASE("an exposure longer than the period lowers the rate") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0954, 1);
    client.open_stream();
    client.set("AcquisitionFrameRate", 50);
    client.set("ExposureTime", 15'000);
    CHECK(period_s(camera, client) == doctest::Approx(0.020));
    // The sensor needs ten rows less 13.73 us between two exposures.
    const double row_s = (0.375 * (528 + 16) + 72) / 74.25e6;
    for (const double exposure_us : {20'000.0, 100'000.0, 1e6, 30e6}) {
        client.set("ExposureTime", exposure_us);
        CHECK(period_s(camera, client, 3) ==
              doctest::Approx(exposure_us * 1e-6 + 10 * row_s - 13.73e-6).epsilon(1e-7));
    }
}

TEST_CASE("the throughput limit lowers the rate, and no frame is lost for it") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    set_size(client, 640, 480);
    set_fastest(client);
    client.set("DeviceLinkThroughputLimit", 10'000'000);
    client.set("DeviceLinkThroughputLimitMode", 1);
    client.start();
    camera.run_for(5s);
    client.stop();
    camera.run_for(1s);
    CHECK(client.blocks.rbegin()->first == client.blocks.size());
    CHECK(client.complete_blocks() == client.blocks.size());
    // IP headers, GVSP headers, leader and trailer count as well.
    const double block_bytes = 640 * 480 + 210 * 36 + 80 + 52;
    CHECK(static_cast<double>(client.blocks.size()) == doctest::Approx(5 * 10e6 / block_bytes).epsilon(0.02));
}

TEST_CASE("the throughput limit spreads packets over time, and does nothing while it is off") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    set_size(client, 640, 480);
    client.set("AcquisitionFrameRate", 10);
    CHECK(client.get("DeviceLinkThroughputLimitMode") == 0);
    client.set("DeviceLinkThroughputLimit", 10'000'000);
    const auto seconds_per_block = [&] {
        client.blocks.clear();
        client.start();
        camera.run_for(500ms);
        client.stop();
        camera.run_for(200ms);
        REQUIRE(client.complete_blocks() == 5);
        const auto& block = client.blocks.begin()->second;
        return static_cast<double>((block.last_at - block.first_at).count()) * 1e-9;
    };
    // Packets leave in bursts of up to a millisecond.
    const double block_bytes = 640 * 480 + 210 * 36 + 80 + 52;
    CHECK(std::abs(seconds_per_block() - block_bytes / 125e6) < 1e-3);
    client.set("DeviceLinkThroughputLimitMode", 1);
    CHECK(client.get("AcquisitionFrameRate") == 10);
    CHECK(std::abs(seconds_per_block() - block_bytes / 10e6) < 1e-3);
    client.set("DeviceLinkThroughputLimit", 5'000'000);
    CHECK(std::abs(seconds_per_block() - block_bytes / 5e6) < 1e-3);
}

TEST_CASE("a gap between packets lowers the rate, and no frame is lost for it") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    set_size(client, 640, 480);
    CHECK(client.write(0x0D08, 1'000'000) == 0);
    client.start();
    camera.run_for(10s);
    client.stop();
    camera.run_for(1s);
    CHECK(client.blocks.rbegin()->first == client.blocks.size());
    CHECK(client.complete_blocks() == client.blocks.size());
    CHECK(client.blocks.size() > 40);
}

TEST_CASE("packets too small for the full rate lower it, and no frame is lost for it") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream(576);
    set_size(client, 640, 480);
    set_fastest(client);
    client.start();
    camera.run_for(500ms);
    client.stop();
    camera.run_for(100ms);
    CHECK(client.blocks.rbegin()->first == client.blocks.size());
    CHECK(client.complete_blocks() == client.blocks.size());
    CHECK(client.blocks.size() > 175);
}

TEST_CASE("a new rate is in force as soon as the frame under way is read") {
    for (const bool follows : {true, false}) {
        CAPTURE(follows);
        VirtualCameraOptions options;
        options.profile.row_time_follows_rate = follows;
        VirtualCamera camera(options);
        FakeClient client(camera);
        client.take_control();
        client.open_stream();
        client.set("Height", 128);
        client.set("AcquisitionFrameRate", 10);
        client.start();
        camera.run_for(250ms);
        client.set("AcquisitionFrameRate", 100);
        camera.run_for(250ms);
        const auto stamps = client.timestamps();
        REQUIRE(stamps.size() > 10);
        CHECK(stamps[1] - stamps[0] == 100'000'000);
        CHECK(stamps[2] - stamps[1] == 100'000'000);
        // The rows of the third frame are read at the pace that they began with.
        CHECK(stamps[3] - stamps[2] == doctest::Approx(follows ? 100e6 : 50e6).epsilon(0.01));
        CHECK(stamps[4] - stamps[3] == 10'000'000);
        CHECK(stamps[5] - stamps[4] == 10'000'000);
    }
}

TEST_CASE(
    "exposures that differ from frame to frame keep the rate on average, and their readouts the period") {
    for (const double rate_hz : {5.0, 30.0, 100.0}) {
        CAPTURE(rate_hz);
        VirtualCamera camera;
        FakeClient client(camera);
        PinRecorder pins(camera);
        client.take_control();
        client.keep_alive();
        client.open_stream();
        client.set("Height", 256);
        client.set("AcquisitionFrameRate", rate_hz);
        const double longest_us = 0.9e6 / rate_hz;
        for (int i = 0; i < 4; ++i)
            client.set("MultiFrameSetOutputModeExposureTime" + std::to_string(i),
                       std::floor(i % 2 ? longest_us : longest_us / 4 / (i + 1)));
        client.set("MultiFrameSetOutputModeFrameCount", 4);
        client.set("MultiFrameSetOutputModeEnable", 1);
        client.start();
        camera.run_for(10s);
        CHECK(pins.frames.size() == doctest::Approx(10 * rate_hz).epsilon(0.02));
        for (std::size_t i = 1; i < pins.frames.size(); ++i) {
            const auto apart = pins.frames[i].end - pins.frames[i - 1].end;
            CHECK(std::abs(static_cast<double>(apart.count()) - 1e9 / rate_hz) <= 1);
        }
    }
}

TEST_CASE("no packet of a frame leaves before its exposure has ended") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    for (const int height : {4, 64, 1024}) {
        client.set("Height", height);
        client.set("ExposureTime", 5000);
        client.blocks.clear();
        client.start();
        camera.run_for(200ms);
        client.stop();
        camera.run_for(100ms);
        REQUIRE(client.blocks.size() > 3);
        for (const auto& [id, block] : client.blocks) {
            CHECK(block.first_at.count() >= static_cast<std::int64_t>(block.timestamp()) + 5'000'000);
        }
    }
}

TEST_CASE("the first packet of a frame waits so that the last one finds its row read") {
    // A picture of few bytes for its rows: the wire would be done before the sensor.
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.set("Height", 1536);
    client.set("AcquisitionFrameRate", 10);
    client.start();
    camera.run_for(300ms);
    REQUIRE(client.complete_blocks() >= 2);
    const auto& block = client.blocks.at(1);
    const double row_s = (0.375 * (528 + 16) + 72) / 74.25e6;
    const double read_s = 1e-3 + (1536 + 43) * row_s;
    const auto last_s =
        static_cast<double>(block.last_at.count() - static_cast<std::int64_t>(block.timestamp())) * 1e-9;
    CHECK(last_s >= read_s - 0.5e-3);  // Packets leave in bursts of half a millisecond.
}
