#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/fake_client.h"

// DeviceReset, DeviceFactoryReset and DeviceTemperature: what the manual leaves to the conventions of
// GenICam.

using namespace support;

namespace {

// What is written to execute the commands, as on the real cameras of the family.
constexpr std::uint32_t kReset = 0xC07D'B007, kFactoryReset = 0xFAC9'E5E7;
constexpr Time kBoot = 3s;
constexpr std::uint16_t kError = 0x8FFF;

std::uint16_t reset(FakeClient& client) {
    return client.write(FakeClient::address_of("DeviceReset"), kReset);
}
std::uint16_t factory_reset(FakeClient& client) {
    return client.write(FakeClient::address_of("DeviceFactoryReset"), kFactoryReset);
}

std::uint64_t timestamp(FakeClient& client) {
    client.write(0x0944, 2);
    return std::uint64_t{client.must_read(0x0948)} << 32 | client.must_read(0x094C);
}

}  // namespace

TEST_CASE("a reset is acknowledged, then the camera is silent until it has booted, and nobody controls it") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    CHECK(reset(client) == 0);
    camera.run_for(kBoot - 1ms);
    CHECK_FALSE(client.command(0x02));
    CHECK_FALSE(client.read(0x0A00));
    camera.run_for(1ms);
    CHECK(client.command(0x02));
    CHECK(client.must_read(0x0A00) == 0);
    FakeClient other(camera, {.ip = 0x0A000002});
    CHECK(other.take_control() == 0);
}

TEST_CASE("a reset without the magic number is refused") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write(FakeClient::address_of("DeviceReset"), 1) == 0x8002);
    CHECK(client.write(FakeClient::address_of("DeviceFactoryReset"), 1) == 0x8002);
    camera.run_for(1s);
    CHECK(client.must_read(0x0A00) == 2);
}

TEST_CASE(
    "a reset ends the stream and the message channel, and what was asked for before is not answered later") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    client.open_messages();
    client.set("AcquisitionFrameRate", 100);
    client.start();
    camera.run_for(200ms);
    CHECK(client.complete_blocks() > 10);
    reset(client);
    const auto packets = camera.stream_packets;
    client.acks.clear();
    camera.run_for(kBoot);
    CHECK(camera.stream_packets == packets);
    CHECK(client.acks.empty());
    CHECK_FALSE(camera.camera.streaming());
    for (const std::uint32_t address : {0x0D00, 0x0D18, 0x0B00, 0x0B10})
        CHECK(client.must_read(address) == 0);
    // It streams again on request, and block ids begin at 1.
    client.blocks.clear();
    client.take_control();
    client.open_stream();
    client.start();
    camera.run_for(200ms);
    REQUIRE_FALSE(client.blocks.empty());
    CHECK(client.blocks.begin()->first == 1);
}

TEST_CASE("a write from before a reset is executed, not confirmed once more, when it comes again") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    reset(client);
    camera.run_for(kBoot);
    const auto again = client.repeat();
    REQUIRE(again);
    CHECK(again->status == 0x8006);  // No application has control.
}

TEST_CASE("after a reset the camera is as after power-up: features, registers, clock and lens") {
    VirtualCameraOptions options;
    options.profile.features = {{"Saturation", "90"}};
    VirtualCamera camera(options);
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.set("BlackLevel", 100);
    client.set("UserSetSelector", 2);
    client.set("UserSetSave", 1);
    client.set("UserSetDefault", 2);
    client.set("BlackLevel", 200);
    client.set("Hue", 50);
    client.set("Zoom", 500);
    client.set("TLParamsLocked", 1);
    client.write(0x0938, 10'000);
    client.write(0x0D04, 0x4000'0000 | 8000);
    client.write_memory(0xE8, Bytes(from_hex("63616d32000000000000000000000000")));
    camera.run_for(20s);
    reset(client);
    camera.run_for(kBoot);
    CHECK(client.get("BlackLevel") == 100);  // From UserSetDefault.
    CHECK(client.get("Hue") == 0);
    CHECK(client.get("Zoom") == 0);
    CHECK(client.get("Saturation") == 90);  // From its profile.
    CHECK(client.get("UserSetSelector") == 0);
    CHECK(client.get("TLParamsLocked") == 0);
    CHECK(client.must_read(0x0938) == 3000);
    CHECK((client.must_read(0x0D04) & 0xFFFF) == 1500);
    CHECK(client.must_read(0xE8) == 0x63616d32);
    CHECK(camera.moved_home == 1);
    client.take_control();
    CHECK(timestamp(client) == 3'000'000'000);
}

TEST_CASE("a factory reset erases the user sets, and keeps user name and IP configuration") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("BlackLevel", 100);
    for (const int slot : {1, 2}) {
        client.set("UserSetSelector", slot);
        client.set("UserSetSave", 1);
    }
    client.set("UserSetDefault", 1);
    client.write(0x064C, 0xC0A80002);
    client.write_memory(0xE8, Bytes(from_hex("63616d32000000000000000000000000")));
    CHECK(factory_reset(client) == 0);
    camera.run_for(1ms);
    CHECK_FALSE(client.command(0x02));
    camera.run_for(kBoot);
    client.take_control();
    CHECK(client.get("BlackLevel") == 240);
    CHECK(client.get("UserSetDefault") == 0);
    client.set("UserSetSelector", 2);
    CHECK(client.set("UserSetLoad", 1) == 0);
    CHECK(client.get("BlackLevel") == 240);
    CHECK(client.must_read(0x064C) == 0xC0A80002);
    CHECK(client.must_read(0xE8) == 0x63616d32);
    CHECK(camera.stored.back().user_sets == emulator::UserSets{});
    CHECK(camera.stored.back().device.user_name == "cam2");
}

TEST_CASE("a factory reset that cannot be kept is refused, and changes nothing") {
    VirtualCamera camera({.flash_works = false});
    FakeClient client(camera);
    client.take_control();
    client.set("BlackLevel", 100);
    CHECK(factory_reset(client) == kError);
    camera.run_for(1ms);
    CHECK(client.get("BlackLevel") == 100);
    CHECK(client.must_read(0x0A00) == 2);
}

TEST_CASE(
    "a cold sensor warms up above the housing, with one time constant; the boards are as warm as the "
    "housing") {
    VirtualCameraOptions options;
    options.profile.housing_c = 31.5;
    options.profile.chip.warm_at_power_up = 0;
    const auto& chip = options.profile.chip;
    VirtualCamera camera(options);
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    CHECK(client.get("DeviceTemperature") == doctest::Approx(31.5).epsilon(1e-3));
    const Time constant(std::llround(chip.thermal_time_constant_s * 1e9));
    double above_k = 0;
    for (int i = 1; i <= 3; ++i) {
        camera.run_until(i * constant);
        above_k = chip.self_heating_k * (1 - std::exp(-i));
        CHECK(std::abs(client.get("DeviceTemperature") - (31.5 + above_k)) < 0.002);
    }
    for (const int board : {1, 2}) {
        CHECK(client.set("DeviceTemperatureSelector", board) == 0);
        CHECK(client.get("DeviceTemperature") == 31.5);
    }
    // A reset takes no power away.
    reset(client);
    camera.run_for(kBoot);
    CHECK(client.get("DeviceTemperature") > 31.5 + above_k);
}
