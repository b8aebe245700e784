#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tests/support/fake_client.h"

// What a camera begins with: the factory's settings (manual 5.13), and what its scene suggests.

using namespace support;

namespace {

constexpr Time kBoot = 3s;
constexpr int kDefault = 0, kUserSet1 = 1;

const scenes::CameraHints kSuggested{
    .zoom = 550, .focus = 9809, .iris = 200, .exposure_us = 10'500, .gain_db = 3};

VirtualCameraOptions in_front_of(const scenes::CameraHints& suggested) {
    VirtualCameraOptions options{.profile = {}};
    options.profile.suggested = suggested;
    return options;
}

struct Place {
    double zoom, focus, iris;
    bool operator==(const Place&) const = default;
};
constexpr Place kFactory{0, 10'000, 255}, kScene{550, 9809, 200};

Place lens(FakeClient& client) { return {client.get("Zoom"), client.get("Focus"), client.get("Iris")}; }

/// Exposure, gain and white balance by themselves, from the values that the manual prints.
void check_automatic(FakeClient& client) {
    CHECK(client.get("ExposureAuto") == 1);
    CHECK(client.get("GainAuto") == 1);
    CHECK(client.get("BalanceWhiteAuto") == 1);
    CHECK(client.get("IrisAuto") == 0);
    CHECK(client.get("ExposureTime") == 33'333);
    CHECK(client.get("Gain") == 0);
}

void load(FakeClient& client, int slot) {
    client.set("UserSetSelector", slot);
    CHECK(client.set("UserSetLoad", 1) == 0);
}

void restart(VirtualCamera& camera, FakeClient& client, std::string_view command) {
    const std::uint32_t magic = command == "DeviceReset" ? 0xC07D'B007 : 0xFAC9'E5E7;
    CHECK(client.write(FakeClient::address_of(command), magic) == 0);
    camera.run_for(kBoot);
    client.take_control();
}

}  // namespace

TEST_CASE("without a suggestion the camera powers up in the factory's state") {
    VirtualCamera camera(in_front_of({}));
    FakeClient client(camera);
    client.take_control();
    CHECK(lens(client) == kFactory);
    check_automatic(client);
    // All pixels of the sensor, and what the manual prints as a default.
    const std::map<std::string, double> printed{{"Width", 2048},
                                                {"Height", 1536},
                                                {"DecimationHorizontal", 1},
                                                {"DecimationVertical", 1},
                                                {"BlackLevel", 240},
                                                {"Hue", 0},
                                                {"Saturation", 64},
                                                {"ExposureAutoReference", 128},
                                                {"TriggerDebouncer", 0},
                                                {"TriggerMask", 0},
                                                {"TriggerDenoise", 0},
                                                {"AcquisitionBurstFrameCount", 1}};
    for (const auto& feature : printed) {
        CAPTURE(feature.first);
        CHECK(client.get(feature.first) == feature.second);
    }
}

TEST_CASE("at power-up a scene moves the lens and sets nothing else") {
    VirtualCamera camera(in_front_of(kSuggested.lens_alone()));
    FakeClient client(camera);
    client.take_control();
    CHECK(lens(client) == kScene);
    CHECK_FALSE(camera.camera.lens().moving(camera.now()));
    check_automatic(client);
}

TEST_CASE("a suggestion of exposure or gain turns both of their auto functions off, and no other") {
    for (const bool exposure : {false, true}) {
        scenes::CameraHints hints;
        (exposure ? hints.exposure_us : hints.gain_db) = exposure ? 10'500 : 3;
        VirtualCamera camera(in_front_of(hints));
        FakeClient client(camera);
        client.take_control();
        CHECK(lens(client) == kFactory);
        CHECK(client.get("ExposureTime") == (exposure ? 10'500 : 33'333));
        CHECK(client.get("Gain") == doctest::Approx(exposure ? 0 : 3));
        CHECK(client.get("ExposureAuto") == 0);
        CHECK(client.get("GainAuto") == 0);
        CHECK(client.get("BalanceWhiteAuto") == 1);
    }
}

TEST_CASE("the default user set has the factory's settings, whatever the scene suggests") {
    VirtualCamera camera(in_front_of(kSuggested));
    FakeClient client(camera);
    client.take_control();
    load(client, kDefault);
    CHECK(lens(client) == kFactory);
    check_automatic(client);
}

TEST_CASE("a scene suggests nothing to a camera that powers up with a set of its user") {
    VirtualCamera before(in_front_of(kSuggested));
    FakeClient user(before);
    user.take_control();
    load(user, kDefault);
    user.set("UserSetSelector", kUserSet1);
    CHECK(user.set("UserSetSave", 1) == 0);
    CHECK(user.set("UserSetDefault", kUserSet1) == 0);
    auto options = in_front_of(kSuggested);
    options.flash = before.stored.back();
    VirtualCamera camera(options);
    FakeClient client(camera);
    client.take_control();
    CHECK(lens(client) == kFactory);
    check_automatic(client);
}

TEST_CASE("a reset is a power-up, with the scene's suggestion; a factory reset leaves none of it") {
    VirtualCamera camera(in_front_of(kSuggested.lens_alone()));
    FakeClient client(camera);
    client.take_control();
    client.set("Zoom", 20);
    restart(camera, client, "DeviceReset");
    CHECK(lens(client) == kScene);
    check_automatic(client);
    restart(camera, client, "DeviceFactoryReset");
    CHECK(lens(client) == kFactory);
    check_automatic(client);
    restart(camera, client, "DeviceReset");
    CHECK(lens(client) == kScene);
}
