#include <doctest/doctest.h>

#include <utility>

#include "tests/support/fake_client.h"
#include "tests/support/fleet.h"

using namespace support;
namespace ptp = protocol::ptp;

// Manual 5.15: what a client sees of the Precision Time Protocol.

namespace {

constexpr int kDisabled = 3, kMaster = 6, kUncalibrated = 8, kSlave = 9;
constexpr std::uint32_t kPtpBit = 1u << 19, kReset = 1, kLatch = 2;

std::uint64_t latched(FakeClient& client) {
    client.write(0x0944, kLatch);
    return std::uint64_t{client.must_read(0x0948)} << 32 | client.must_read(0x094C);
}

/// A master of the real time, which runs 50 ppm slower than the camera's oscillator. The way takes 3 us.
class Grandmaster {
  public:
    static constexpr Timestamp kStart{std::chrono::seconds(1'700'000'000)};
    static constexpr Time kWay = 3us;

    explicit Grandmaster(VirtualCamera& camera) : camera_(camera) { beat(); }

    [[nodiscard]] static Timestamp time_at(Time oscillator) {
        return kStart + oscillator - Time(oscillator.count() / 1'000'000 * 50);
    }
    void leave() { camera_.scheduler.cancel(next_); }

  private:
    [[nodiscard]] ptp::Message message(ptp::Type type, std::uint16_t sequence, Timestamp time) const {
        ptp::Message message;
        message.type = type;
        message.source = {.clock = 1, .port = 1};
        message.sequence = sequence;
        message.time = time;
        return message;
    }
    void say(const ptp::Message& message) {
        const auto stamp = ptp::is_event(message.type) ? std::optional(camera_.now()) : std::nullopt;
        camera_.camera.ptp().handle(encode(message), stamp);
    }
    void beat() {
        if (beats_ % 2 == 0) {
            auto announce = message(ptp::Type::announce, beats_, {});
            announce.log_interval = 1;
            announce.master = {.priority1 = 1, .grandmaster = 1, .sender = announce.source};
            say(announce);
        }
        say(message(ptp::Type::sync, beats_++, time_at(camera_.now()) - kWay));
        next_ = camera_.scheduler.after(1s, [this] { beat(); });
        camera_.scheduler.after(1ms, [this] { answer(); });
    }
    void answer() {
        for (const auto& said : std::exchange(camera_.said_by_ptp, {})) {
            const auto request = ptp::parse(said.what.datagram);
            if (request->type != ptp::Type::delay_request) continue;
            auto response = message(ptp::Type::delay_response, request->sequence, time_at(said.at) + kWay);
            response.requester = request->source;
            say(response);
        }
    }

    VirtualCamera& camera_;
    std::uint16_t beats_ = 0;
    emulator::sim::Scheduler::Ticket next_;
};

}  // namespace

TEST_CASE("ptp is enabled by default") {
    VirtualCamera camera;
    FakeClient client(camera);
    CHECK(client.get("PtpEnable") == 1);
    CHECK((client.must_read(0x0954) & kPtpBit) != 0);
    CHECK((client.must_read(0x0934) & kPtpBit) != 0);
    CHECK(client.get("PtpStatus") != kDisabled);
}

TEST_CASE("ptp recently enabled is uncalibrated; a camera alone becomes the master clock") {
    VirtualCamera camera;
    FakeClient client(camera);
    CHECK(client.get("PtpStatus") == kUncalibrated);
    camera.run_for(5s);
    CHECK(client.get("PtpStatus") == kUncalibrated);
    camera.run_for(4s);
    CHECK(client.get("PtpStatus") == kMaster);
    CHECK(client.must_read(0x096C) == kMaster);
    CHECK_FALSE(camera.said_by_ptp.empty());
}

TEST_CASE("ptp disabled is Disabled, silent, and keeps the clock going") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    CHECK(client.set("PtpEnable", 0) == 0);
    CHECK(client.get("PtpStatus") == kDisabled);
    CHECK(client.must_read(0x096C) == kDisabled);
    camera.run_for(60s);
    CHECK(camera.said_by_ptp.empty());
    CHECK(latched(client) == 60'000'000'000);
    CHECK(client.set("PtpEnable", 1) == 0);
    CHECK(client.get("PtpStatus") == kUncalibrated);
}

TEST_CASE("PtpEnable and the bit of the GVCP configuration are one thing") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0954, 0);
    CHECK(client.get("PtpEnable") == 0);
    CHECK(client.get("PtpStatus") == kDisabled);
    client.write(0x0954, kPtpBit);
    CHECK(client.get("PtpEnable") == 1);
    CHECK(client.get("PtpStatus") == kUncalibrated);
    client.set("PtpEnable", 0);
    CHECK(client.must_read(0x0954) == 0);
    client.set("PtpEnable", 1);
    CHECK(client.must_read(0x0954) == kPtpBit);
}

TEST_CASE("PtpStatus is read-only, and the power-up value of PtpEnable can be another") {
    VirtualCameraOptions options;
    options.profile.power_up.ptp_enabled = false;
    VirtualCamera camera(options);
    FakeClient client(camera);
    client.take_control();
    CHECK(client.get("PtpStatus") == kDisabled);
    CHECK(client.write(FakeClient::address_of("PtpStatus"), kMaster) == 0x8004);
}

TEST_CASE("a camera synchronises its clock to a master, and its images bear the master's time") {
    VirtualCamera camera;
    FakeClient client(camera);
    Grandmaster master(camera);
    camera.run_for(2500ms);
    CHECK(client.get("PtpStatus") == kUncalibrated);
    camera.run_for(7500ms);
    CHECK(client.get("PtpStatus") == kSlave);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    client.start();
    for (int i = 0; i < 20; ++i) {
        camera.run_for(1s);
        const auto error = protocol::timestamp(latched(client)) - Grandmaster::time_at(camera.now());
        CHECK(std::chrono::abs(error) < 1us);
    }
    REQUIRE(client.complete_blocks() > 100);
    for (const auto& [id, block] : client.blocks) {
        const auto error =
            protocol::timestamp(block.timestamp()) - Grandmaster::time_at(camera.requests.at(id - 1).start);
        CHECK(std::chrono::abs(error) < 1us);
    }
}

TEST_CASE("several cameras synchronise their clocks, so that the stamps of their images can be compared") {
    Fleet fleet;
    auto& third = fleet.add("39265003", 50);
    auto& first = fleet.add("39265001", -30);
    auto& second = fleet.add("39265002", 10);
    fleet.run_for(20s);
    CHECK(first.camera.device.ptp_state == ptp::State::master);
    for (auto* slave : {&second, &third}) CHECK(slave->camera.device.ptp_state == ptp::State::slave);
    for (auto* camera : {&first, &second, &third}) {
        FakeClient client(*camera);
        client.take_control();
        client.keep_alive();
        client.open_stream();
        client.start();
        camera->requests.clear();
        fleet.run_for(2s);
        REQUIRE(client.complete_blocks() >= 50);
        for (const auto& [id, block] : client.blocks) {
            const auto when = fleet.true_time(*camera, camera->requests.at(id - 1).start);
            CHECK(std::chrono::abs(protocol::timestamp(block.timestamp()) - fleet.reads(first, when)) < 1us);
        }
    }
}

TEST_CASE(
    "without its master a camera leads itself in its master's time, and follows again when it returns") {
    VirtualCamera camera;
    FakeClient client(camera);
    {
        Grandmaster master(camera);
        camera.run_for(60s);
        master.leave();
        camera.run_for(1s);
    }
    CHECK(client.get("PtpStatus") == kSlave);
    camera.run_for(9s);
    CHECK(client.get("PtpStatus") == kMaster);
    client.take_control();
    // Ten seconds at 50 ppm would be half a millisecond.
    CHECK(std::chrono::abs(protocol::timestamp(latched(client)) - Grandmaster::time_at(camera.now())) < 5us);
    Grandmaster master(camera);
    camera.run_for(2500ms);
    CHECK(client.get("PtpStatus") == kUncalibrated);
    camera.run_for(5s);
    CHECK(client.get("PtpStatus") == kSlave);
}

TEST_CASE("faults: a slave whose master is gone leads itself, and follows it again afterwards") {
    VirtualCamera camera;
    FakeClient client(camera);
    Grandmaster master(camera);
    camera.run_for(60s);
    REQUIRE(client.get("PtpStatus") == kSlave);
    camera.faults.add({{"fault", "ptp_master_gone"}, {"for_us", 20e6}});
    camera.run_for(19s);
    CHECK(client.get("PtpStatus") == kMaster);
    camera.run_for(15s);
    CHECK(client.get("PtpStatus") == kSlave);
}

TEST_CASE("a camera that is moved in the network selects its master again") {
    VirtualCamera camera;
    FakeClient client(camera);
    camera.run_for(10s);
    REQUIRE(client.get("PtpStatus") == kMaster);
    const auto mac = std::uint64_t{client.must_read(0x0008)} << 32 | client.must_read(0x000C);
    const auto payload = be16(0) + big_endian(mac, 6) + Bytes(12) + be32(0x0A00'0055) + Bytes(12) +
                         be32(0xFFFF'FF00) + Bytes(12) + be32(0);
    client.raw(gvcp_command(0x0004, 77, payload));
    REQUIRE(camera.moved_to.size() == 1);
    CHECK(camera.camera.device.ptp_state == ptp::State::listening);
    camera.run_for(10s);
    CHECK(camera.camera.device.ptp_state == ptp::State::master);
}

TEST_CASE("the timestamp cannot be reset while ptp has the clock, and can when it has not") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    camera.run_for(10s);
    for (const auto control : {kReset, kReset | kLatch}) {
        CHECK(client.write(0x0944, control) == 0);
        CHECK(latched(client) == 10'000'000'000);
    }
    client.set("PtpEnable", 0);
    CHECK(client.write(0x0944, kReset) == 0);
    CHECK(latched(client) == 0);
}

TEST_CASE("the tick frequency is that of nanoseconds, with ptp and without") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (const double enabled : {1, 0}) {
        client.set("PtpEnable", enabled);
        CHECK(client.must_read(0x093C) == 0);
        CHECK(client.must_read(0x0940) == 1'000'000'000);
    }
}

TEST_CASE("where its ports cannot be had, ptp stays enabled and is disabled in its status") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.write(0x0954, kPtpBit | 1u << 18);  // and the status codes of version 2.0
    Grandmaster master(camera);
    camera.run_for(10s);
    REQUIRE(client.get("PtpStatus") == kSlave);
    camera.camera.ptp().ports_opened(false);
    CHECK(client.get("PtpEnable") == 1);
    CHECK(client.get("PtpStatus") == kDisabled);
    CHECK((client.must_read(0x0954) & kPtpBit) != 0);
    camera.run_for(10s);
    CHECK(client.get("PtpStatus") == kDisabled);
    // As where there is no reference time.
    constexpr std::uint16_t kNoReferenceTime = 0x8013;
    CHECK(client.set("ActionSchedulerCommit", 1) == kNoReferenceTime);
    client.set("ActionGroupMask", 1);
    const auto at = be64(latched(client) + 1'000'000);
    const auto action = client.command(0x100, be32(0) + be32(0) + be32(1) + at, 0x81);
    REQUIRE(action);
    CHECK(action->status == kNoReferenceTime);
    client.set("PtpEnable", 0);
    client.set("PtpEnable", 1);
    CHECK(client.get("PtpStatus") == kDisabled);
    // The camera moves to where they can be had.
    camera.camera.ptp().ports_opened(true);
    CHECK(client.get("PtpStatus") != kDisabled);
    camera.run_for(10s);
    CHECK(client.get("PtpStatus") == kSlave);
}
