#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "emulator/acquisition/frame_timing.h"
#include "tests/support/fake_client.h"

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
    return static_cast<double>(stamps.back() - stamps.front()) / static_cast<double>(stamps.size() - 1) * 1e-9;
}

void set_size(FakeClient& client, int width, int height) {
    CHECK(client.set("Width", width) == 0);
    CHECK(client.set("Height", height) == 0);
}

void set_fastest(FakeClient& client) {
    constexpr std::uint32_t kMaxPlane = 0x2000'0000;
    const auto address = FakeClient::address_of("AcquisitionFrameRate");
    CHECK(client.write(address, client.must_read(address + kMaxPlane)) == 0);
}

}  // namespace

TEST_CASE("frames come at the rates that the manual prints") {
    struct Row {
        std::uint32_t format;
        int width, height, rate_hz;
    };
    constexpr std::uint32_t k8 = 0x01080009, k12p = 0x010C0059, k12 = 0x010C002B, k16 = 0x0110002F;
    constexpr std::array kTable{
        Row{k8, 2048, 1536, 36},  Row{k12p, 2048, 1536, 24}, Row{k12, 2048, 1536, 24},
        Row{k16, 2048, 1536, 18}, Row{k8, 1920, 1080, 54},   Row{k12p, 1920, 1080, 36},
        Row{k12, 1920, 1080, 36}, Row{k16, 1920, 1080, 27},  Row{k8, 640, 480, 366},
        Row{k12p, 640, 480, 245}, Row{k12, 640, 480, 245},   Row{k16, 640, 480, 184}};
    for (const auto& row : kTable) {
        CAPTURE(row.format);
        CAPTURE(row.width);
        VirtualCamera camera;
        FakeClient client(camera);
        client.keeps_payload = false;
        client.take_control();
        client.write(0x0954, 1);
        client.open_stream(8000);
        CHECK(client.set("PixelFormat", row.format) == 0);
        set_size(client, row.width, row.height);
        set_fastest(client);
        CHECK(std::floor(1 / period_s(camera, client, 3)) == row.rate_hz);
    }
}

TEST_CASE("a set rate is kept to the nanosecond of its register") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0954, 1);
    client.open_stream();
    for (const double rate_hz : {0.5, 1.0, 7.5, 29.97, 60.0, 400.0}) {
        CAPTURE(rate_hz);
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
        CHECK(period_s(camera, client, 3) == doctest::Approx(exposure_us * 1e-6 + 10 * row_s - 13.73e-6).epsilon(1e-7));
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

TEST_CASE("a new rate is in force at once: nobody waits for the end of a long period") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.set("AcquisitionFrameRate", 10);
    client.start();
    camera.run_for(250ms);
    client.set("AcquisitionFrameRate", 100);
    camera.run_for(250ms);
    const auto stamps = client.timestamps();
    REQUIRE(stamps.size() > 10);
    CHECK(stamps[1] - stamps[0] == 100'000'000);
    CHECK(stamps[2] - stamps[1] == 100'000'000);
    CHECK(stamps[3] - stamps[2] < 51'000'000);
    CHECK(stamps[4] - stamps[3] == 10'000'000);
    CHECK(stamps[5] - stamps[4] == 10'000'000);
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
