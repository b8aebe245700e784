#include <doctest/doctest.h>

#include <set>

#include "tests/support/fake_client.h"

// Configurations that are kept without power (manual 5.13).

using namespace support;
namespace genicam = protocol::genicam;

namespace {

constexpr std::uint16_t kWriteProtect = 0x8004, kError = 0x8FFF;
constexpr int kDefault = 0, kUserSet1 = 1, kUserSet2 = 2;

std::uint16_t save(FakeClient& client, int slot) {
    client.set("UserSetSelector", slot);
    return client.set("UserSetSave", 1);
}

std::uint16_t load(FakeClient& client, int slot) {
    client.set("UserSetSelector", slot);
    return client.set("UserSetLoad", 1);
}

/// A camera that has lost its power and got it back.
VirtualCameraOptions after_power_cycle(const VirtualCamera& camera) {
    VirtualCameraOptions options;
    if (!camera.stored.empty()) options.flash = camera.stored.back();
    return options;
}

bool locked(FakeClient& client, std::string_view feature) {
    return client.must_read(FakeClient::address_of(feature) + genicam::kLockedPlane) == 1;
}

}  // namespace

TEST_CASE("the selector of user sets stands at the factory's at power-up, and changes nothing by itself") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.get("UserSetSelector") == kDefault);
    client.set("BlackLevel", 100);
    for (const int slot : {kUserSet1, kUserSet2, kDefault}) {
        CHECK(client.set("UserSetSelector", slot) == 0);
        CHECK(client.get("UserSetSelector") == slot);
        CHECK(client.get("BlackLevel") == 100);
    }
    CHECK(camera.stored.empty());
}

TEST_CASE("the factory's user set cannot be overwritten") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto factory = client.get("BlackLevel");
    client.set("BlackLevel", 100);
    CHECK(locked(client, "UserSetSave"));
    CHECK(save(client, kDefault) == kWriteProtect);
    CHECK(camera.stored.empty());
    CHECK(client.get("BlackLevel") == 100);
    CHECK(load(client, kDefault) == 0);
    CHECK(client.get("BlackLevel") == factory);
    client.set("UserSetSelector", kUserSet1);
    CHECK_FALSE(locked(client, "UserSetSave"));
}

TEST_CASE("each of the two user sets has a configuration of its own, and gives it back") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("BlackLevel", 100);
    CHECK(save(client, kUserSet1) == 0);
    client.set("BlackLevel", 200);
    CHECK(save(client, kUserSet2) == 0);
    client.set("BlackLevel", 300);
    CHECK(load(client, kUserSet1) == 0);
    CHECK(client.get("BlackLevel") == 100);
    CHECK(load(client, kUserSet2) == 0);
    CHECK(client.get("BlackLevel") == 200);
    CHECK(client.get("UserSetSelector") == kUserSet2);
}

TEST_CASE("a user set that was never saved holds the factory's configuration") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto factory = client.get("BlackLevel");
    client.set("BlackLevel", 100);
    CHECK(load(client, kUserSet2) == 0);
    CHECK(client.get("BlackLevel") == factory);
}

TEST_CASE("a user set is not loaded while a client streams, or is about to") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("BlackLevel", 100);
    client.set("TLParamsLocked", 1);
    CHECK(load(client, kDefault) == kWriteProtect);
    client.set("TLParamsLocked", 0);
    client.open_stream();
    client.start();
    CHECK(load(client, kDefault) == kWriteProtect);
    CHECK(client.get("BlackLevel") == 100);
    CHECK(save(client, kUserSet1) == 0);
    client.stop();
    CHECK(load(client, kDefault) == 0);
    CHECK(client.get("BlackLevel") == 240);
}

TEST_CASE("no lock keeps a user set from being loaded") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("OffsetAutoCenter", 0);
    client.set("OffsetX", 200);
    client.set("IMXLowLatencyTriggerMode", 0);
    client.set("TriggerOverlap", 1);
    client.set("Gamma", 2.2);
    save(client, kUserSet1);
    client.set("OffsetAutoCenter", 1);
    client.set("TriggerOverlap", 0);
    client.set("IMXLowLatencyTriggerMode", 1);
    client.set("Gamma", 1);
    client.set("LUTEnable", 1);
    CHECK(locked(client, "OffsetX"));
    CHECK(locked(client, "Gamma"));
    CHECK(load(client, kUserSet1) == 0);
    CHECK(client.get("OffsetAutoCenter") == 0);
    CHECK(client.get("OffsetX") == 200);
    CHECK(client.get("IMXLowLatencyTriggerMode") == 0);
    CHECK(client.get("TriggerOverlap") == 1);
    CHECK(client.get("LUTEnable") == 0);
    CHECK(client.get("Gamma") == doctest::Approx(2.2));
}

TEST_CASE("a user set is loaded whole, though ranges depend on what else is in it") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("Width", 528);
    client.set("Height", 4);
    client.set("AcquisitionFrameRate", 1000);
    save(client, kUserSet1);
    load(client, kDefault);
    client.set("Width", 2048);
    client.set("Height", 1536);
    client.set("AcquisitionFrameRate", 30);
    save(client, kUserSet2);
    client.set("DecimationHorizontal", 2);
    client.set("DecimationVertical", 2);
    CHECK(load(client, kUserSet1) == 0);
    CHECK(client.get("Height") == 4);
    CHECK(client.get("AcquisitionFrameRate") == doctest::Approx(1000));
    client.set("DecimationHorizontal", 2);
    CHECK(load(client, kUserSet2) == 0);
    CHECK(client.get("DecimationHorizontal") == 1);
    CHECK(client.get("Width") == 2048);
    CHECK(client.get("Height") == 1536);
    CHECK(client.get("AcquisitionFrameRate") == doctest::Approx(30));
}

TEST_CASE("what stands below a selector comes back from a user set for each entry, and the selector stays") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (int colour = 0; colour < 3; ++colour) {
        client.set("BalanceRatioSelector", colour);
        client.set("BalanceRatio", 0.5 + colour);
    }
    client.set("LUTIndex", 256);
    client.set("LUTValue", 12'345);
    client.set("EventSelector", 6);
    client.set("EventNotification", 1);
    save(client, kUserSet1);
    load(client, kDefault);
    client.set("BalanceRatioSelector", 1);
    CHECK(client.get("BalanceRatio") != 1.5);
    CHECK(client.get("LUTValue") == 65'535);
    client.set("LUTIndex", 7);
    client.set("EventSelector", 2);
    CHECK(load(client, kUserSet1) == 0);
    CHECK(client.get("BalanceRatioSelector") == 1);
    CHECK(client.get("LUTIndex") == 7);
    CHECK(client.get("EventSelector") == 2);
    CHECK(client.get("EventNotification") == 0);
    for (int colour = 0; colour < 3; ++colour) {
        client.set("BalanceRatioSelector", colour);
        CHECK(client.get("BalanceRatio") == 0.5 + colour);
    }
    client.set("LUTIndex", 256);
    CHECK(client.get("LUTValue") == 12'345);
    client.set("EventSelector", 6);
    CHECK(client.get("EventNotification") == 1);
}

TEST_CASE("with a user set the lens goes where it was, and events say when it has arrived") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_messages();
    for (const int event : {4, 5}) {
        client.set("EventSelector", event);
        client.set("EventNotification", 1);
    }
    client.set("Zoom", 600);
    client.set("Focus", 2000);
    camera.run_for(20s);
    save(client, kUserSet1);
    client.set("Zoom", 0);
    client.set("Focus", 9000);
    camera.run_for(20s);
    client.events.clear();
    CHECK(load(client, kUserSet1) == 0);
    CHECK(client.get("Zoom") == 600);
    CHECK(client.get("Focus") == 2000);
    CHECK(client.events.empty());
    camera.run_for(20s);
    std::set<std::uint16_t> arrived;
    for (const auto& event : client.events) arrived.insert(event.id);
    CHECK(arrived == std::set<std::uint16_t>{0x9005, 0x9006});
    CHECK(client.events.size() == 2);
}

TEST_CASE("a user set is kept without power") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("BlackLevel", 100);
    save(client, kUserSet2);
    VirtualCamera again(after_power_cycle(camera));
    FakeClient visitor(again);
    visitor.take_control();
    CHECK(visitor.get("BlackLevel") == 240);
    CHECK(load(visitor, kUserSet2) == 0);
    CHECK(visitor.get("BlackLevel") == 100);
}

TEST_CASE("a user set that cannot be kept is refused, and changes nothing") {
    VirtualCamera camera({.flash_works = false});
    FakeClient client(camera);
    client.take_control();
    client.set("BlackLevel", 100);
    CHECK(save(client, kUserSet1) == kError);
    CHECK(load(client, kUserSet1) == 0);
    CHECK(client.get("BlackLevel") == 240);
    CHECK(client.set("UserSetDefault", kUserSet1) == kError);
    CHECK(client.get("UserSetDefault") == kDefault);
}

TEST_CASE("the default user set is loaded when the camera is powered up") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.get("UserSetDefault") == kDefault);
    client.set("BlackLevel", 100);
    client.set("Zoom", 300);
    save(client, kUserSet1);
    client.set("BlackLevel", 200);
    save(client, kUserSet2);
    for (const auto& [slot, black] : {std::pair{kUserSet1, 100}, {kUserSet2, 200}, {kDefault, 240}}) {
        CHECK(client.set("UserSetDefault", slot) == 0);
        CHECK(client.get("BlackLevel") == 200);  // It waits for the power.
        VirtualCamera again(after_power_cycle(camera));
        FakeClient visitor(again);
        CHECK(visitor.get("UserSetDefault") == slot);
        CHECK(visitor.get("BlackLevel") == black);
        CHECK(visitor.get("Zoom") == (slot == kDefault ? 0 : 300));
        CHECK(visitor.get("UserSetSelector") == kDefault);
    }
    const auto writes = camera.stored.size();
    client.set("UserSetDefault", kDefault);
    CHECK(camera.stored.size() == writes);  // Nothing changes, so nothing is worn out.
}

TEST_CASE("the choice of the default user set is in no user set, and neither is the session") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("UserSetDefault", kUserSet2);
    client.write_memory(0xE8, Bytes(from_hex("63616d32000000000000000000000000")));
    client.open_stream(1400);
    client.set("TLParamsLocked", 1);
    save(client, kUserSet1);
    client.set("UserSetDefault", kUserSet1);
    client.set("TLParamsLocked", 0);
    client.write(0x0D04, 0x4000'0000 | 600);
    CHECK(load(client, kUserSet1) == 0);
    CHECK(client.get("UserSetDefault") == kUserSet1);
    CHECK(client.get("TLParamsLocked") == 0);
    CHECK(client.must_read(0x0A00) == 2);
    CHECK(client.must_read(0x0D00) == client.stream_end().port);
    CHECK((client.must_read(0x0D04) & 0xFFFF) == 600);
    CHECK(client.must_read(0xE8) == 0x63616d32);
    CHECK(camera.stored.back().device.user_name == "cam2");
}

TEST_CASE(
    "a user set of another firmware is loaded as far as its features are known, with factory values for the "
    "rest") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("BlackLevel", 100);
    client.set("Hue", 30);
    client.set("Gamma", 3);
    save(client, kUserSet1);
    auto options = after_power_cycle(camera);
    options.flash.user_sets.at_power_up = kUserSet1;
    auto& set = options.flash.user_sets.slots[0];
    set["NotYetInvented"] = 5.0;
    set["BalanceRatio[Ultraviolet]"] = std::int64_t{1};
    set["Hue"] = 1e300;
    set["StrobeDelay"] = std::string("soon");
    set["StrobeDuration"] = std::int64_t{-1};
    set["Saturation"] = std::int64_t{80};  // A whole number may stand for a real one.
    set.erase("Gamma");
    VirtualCamera later(options);
    FakeClient visitor(later);
    visitor.take_control();
    CHECK(visitor.get("BlackLevel") == 100);
    CHECK(visitor.get("Hue") == 0);
    CHECK(visitor.get("Gamma") == 1);
    CHECK(visitor.get("StrobeDelay") == 0);
    CHECK(visitor.get("StrobeDuration") == 100);
    CHECK(visitor.get("Saturation") == 80);
    // The unknown is not lost: it is there for who understands it.
    save(visitor, kUserSet2);
    CHECK(later.stored.back().user_sets.slots[0] == set);
}
