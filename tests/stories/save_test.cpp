#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

using namespace support;

// What survives a power cycle is acknowledged once it is durable, and a slow memory holds nothing else up.

namespace {

constexpr std::uint32_t kName = 0x00E8, kIpConfiguration = 0x0014, kPersistentIp = 0x064C, kGvcp = 0x0954;
constexpr std::uint16_t kBusy = 0x8007, kError = 0x8FFF, kNothingCame = 0xFFFF, kPending = 0x0089;
constexpr std::uint32_t kPendingEnabled = 2, kReset = 0xC07D'B007, kFactoryReset = 0xFAC9'E5E7;

Bytes name(std::string_view text) {
    Bytes bytes(text.begin(), text.end());
    bytes.resize(16);
    return bytes;
}

VirtualCameraOptions slow(Time flash_work, bool works = true) {
    VirtualCameraOptions options;
    options.flash_work = flash_work;
    options.flash_works = works;
    return options;
}

}  // namespace

TEST_CASE("what one command changes is one save") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write_memory(kName, name("fifteen letters")) == 0);
    CHECK(camera.stored.size() == 1);
    CHECK(camera.stored.back().device.user_name == "fifteen letters");
    const auto addresses = be32(kPersistentIp) + be32(0x0A000042) + be32(kPersistentIp + 0x10) +
                           be32(0xFFFFFF00) + be32(kIpConfiguration) + be32(5);
    CHECK(client.command(0x82, addresses)->status == 0);
    camera.run_for(1s);
    CHECK(camera.stored.size() == 2);
    CHECK(camera.stored.back().device.persistent_ip == protocol::IpSettings{0x0A000042, 0xFFFFFF00, 0});
    CHECK(camera.stored.back().device.ip_configuration == 5);
}

TEST_CASE("a write is acknowledged when it is durable, and repeated until then it is done once") {
    VirtualCamera camera(slow(250ms));
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write_memory(kName, name("slow")) == kNothingCame);
    for (int i = 0; i < 2; ++i) {
        camera.run_for(100ms);
        CHECK_FALSE(client.repeat());
    }
    camera.run_for(49ms);
    CHECK(client.acks.size() == 1);
    camera.run_for(1ms);
    REQUIRE(client.acks.size() == 2);
    CHECK(client.acks.back().code == 0x87);
    CHECK(client.acks.back().status == 0);
    CHECK(to_hex(client.acks.back().payload) == "00000010");
    CHECK(client.repeat()->status == 0);  // The answer is lost at times.
    camera.run_for(1s);
    CHECK(camera.stored.size() == 1);
}

TEST_CASE("while the camera saves, everything else goes on") {
    VirtualCamera camera(slow(2s));
    FakeClient client(camera), other(camera, {.ip = 0x0A000002});
    client.take_control();
    client.keep_alive();
    client.open_stream();
    client.start();
    camera.run_for(100ms);
    client.set("UserSetSelector", 1);
    CHECK(client.set("UserSetSave", 1) == kNothingCame);
    const auto before = client.complete_blocks();
    CHECK(other.command(0x02)->status == 0);
    CHECK(client.set("ExposureTime", 2000) == 0);
    CHECK(client.must_read(0x0A00) == 2);
    camera.run_for(1s);
    CHECK(client.complete_blocks() > before + 10);
    CHECK(client.write_memory(kName, name("second")) == kBusy);
    camera.run_for(1s);
    CHECK(camera.stored.size() == 1);
    client.write_memory(kName, name("second"));
    camera.run_for(2s);
    REQUIRE(camera.stored.size() == 2);
    CHECK(camera.stored.back().device.user_name == "second");
}

TEST_CASE("a client that enabled PENDING_ACK gets it repeatedly while a save takes its time") {
    VirtualCamera camera(slow(1500ms));
    FakeClient client(camera);
    client.take_control();
    client.write(kGvcp, kPendingEnabled);
    const auto first = client.acks.size();
    client.write_memory(kName, name("patience"));
    camera.run_for(299ms);
    CHECK(client.acks.size() == first);
    camera.run_for(1ms);
    REQUIRE(client.acks.size() == first + 1);
    CHECK(client.acks.back().code == kPending);
    CHECK(to_hex(client.acks.back().payload) == "000003e8");
    CHECK(client.repeat()->code == kPending);
    camera.run_for(1s);
    CHECK(client.acks.size() == first + 4);  // at 800 ms and 1300 ms
    camera.run_for(200ms);
    CHECK(client.acks.size() == first + 5);
    CHECK(client.acks.back().code == 0x87);
    CHECK(client.acks.back().status == 0);
    camera.run_for(2s);
    CHECK(client.acks.size() == first + 5);
    CHECK(camera.stored.size() == 1);
}

TEST_CASE("what cannot be saved is refused, and is as before") {
    for (const auto takes : {Time(0), Time(200ms)}) {
        CAPTURE(takes.count());
        VirtualCamera camera(slow(takes, false));
        FakeClient client(camera);
        client.take_control();
        const auto memory = [&] {
            return std::pair(camera.camera.device.non_volatile, camera.camera.user_sets);
        };
        const auto before = memory();
        const auto refused = [&](auto&& write) {
            write();
            camera.run_for(takes);
            CHECK(client.acks.back().status == kError);
            CHECK(memory() == before);
        };
        refused([&] { client.write_memory(kName, name("lost")); });
        CHECK(to_hex(client.acks.back().payload) == "00000000");
        refused([&] { client.write(kPersistentIp, 0x0A000042); });
        refused([&] { client.write(kIpConfiguration, 5); });
        refused([&] { client.set("UserSetSelector", 1), client.set("UserSetSave", 1); });
        refused([&] { client.set("UserSetDefault", 1); });
        refused([&] { client.write(FakeClient::address_of("DeviceFactoryReset"), kFactoryReset); });
        camera.run_for(5s);
        CHECK(camera.moved_home == 0);  // It did not start anew.
        CHECK(camera.stored.empty());
    }
}

TEST_CASE("the factory reset starts the camera anew once it is durable") {
    VirtualCamera camera(slow(1s));
    FakeClient client(camera);
    client.take_control();
    client.write(FakeClient::address_of("DeviceFactoryReset"), kFactoryReset);
    camera.run_for(999ms);
    CHECK_FALSE(camera.camera.booting());
    CHECK(client.acks.size() == 1);
    camera.run_for(1ms);
    CHECK(client.acks.back().status == 0);
    CHECK(client.acks.size() == 2);
    CHECK(camera.camera.booting());
}

TEST_CASE(
    "a save that outlives the control of its client, or a reset, is completed and changes nothing else") {
    VirtualCamera camera(slow(5s));
    FakeClient client(camera);
    client.take_control();
    client.write_memory(kName, name("late"));
    SUBCASE("control is lost") {
        camera.run_for(4s);
        CHECK(client.must_read(0x0A00) == 0);
        camera.run_for(1s);
        CHECK(client.acks.back().code == 0x87);
    }
    SUBCASE("the camera starts anew") {
        client.write(FakeClient::address_of("DeviceReset"), kReset);
        camera.run_for(5s);
        CHECK(client.acks.back().code != 0x87);
    }
    CHECK(camera.stored.size() == 1);
    CHECK(camera.camera.device.non_volatile.user_name == "late");
    CHECK_FALSE(camera.camera.unsaved());
}

TEST_CASE("a camera that starts anew while it saves wakes up with what the memory holds") {
    VirtualCameraOptions options = slow(5s);
    bool works = true;
    options.keep = [&works](const emulator::Flash&) { return works; };
    VirtualCamera camera(options);
    FakeClient client(camera);
    const auto save = [&client](double black_level) {
        client.take_control();
        client.set("BlackLevel", black_level);
        client.set("UserSetSelector", 1);
        client.set("UserSetSave", 1);
    };
    save(100);
    camera.run_for(5s);
    client.take_control();
    client.set("UserSetDefault", 1);
    camera.run_for(5s);
    SUBCASE("and the save is completed") {}
    SUBCASE("and the save fails") { works = false; }
    save(200);
    client.write(FakeClient::address_of("DeviceReset"), kReset);
    camera.run_for(5s);
    CHECK(client.must_read(FakeClient::address_of("BlackLevel")) == 100);
    client.take_control();
    client.write(FakeClient::address_of("DeviceReset"), kReset);
    camera.run_for(5s);
    CHECK(client.must_read(FakeClient::address_of("BlackLevel")) == (works ? 200 : 100));
}
