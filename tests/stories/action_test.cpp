#include <doctest/doctest.h>

#include "tests/support/action_bench.h"

// Action commands: who may give them, what they start, and what is answered.

using namespace support;

namespace {

constexpr std::uint16_t kSuccess = 0, kInvalidParameter = 0x8002, kInvalidHeader = 0x800E,
                        kNoReferenceTime = 0x8013, kOverflow = 0x8015, kActionLate = 0x8016, kError = 0x8FFF;
constexpr std::uint32_t kStatus_2_0 = 1u << 18, kUnconditional = 1u << 3;
constexpr FakeClientOptions kOther{
    .ip = 0x0A000002, .control_port = 50100, .stream_port = 51100, .message_port = 52100};

using Stamps = std::vector<Timestamp>;

}  // namespace

TEST_CASE("an action command triggers a frame at once") {
    ActionBench bench;
    bench.camera.run_until(100ms);
    CHECK(bench.act() == kSuccess);
    bench.camera.run_for(50ms);
    REQUIRE(bench.pins.starts() == std::vector<Time>{100ms});
    CHECK(bench.stamps() == Stamps{ActionBench::kStart + 100ms});
    CHECK(bench.client.blocks.at(1).timestamp() == 1'800'000'000'223'456'789);
}

TEST_CASE(
    "it is for the camera if device key and group key are its own, and the masks have a bit in common") {
    constexpr auto device = ActionBench::kDeviceKey, group = ActionBench::kGroupKey;
    ActionBench bench;
    const auto answered = [&](std::uint32_t device_key, std::uint32_t group_key, std::uint32_t mask) {
        bench.camera.run_for(100ms);
        return bench.client.command(0x0100, ActionBench::action({}, device_key, group_key, mask)).has_value();
    };
    CHECK(answered(device, group, 0x2));
    CHECK(answered(device, group, 0x4));
    CHECK(answered(device, group, 0xFFFF'FFFF));
    CHECK_FALSE(answered(device, group, 0x1));
    CHECK_FALSE(answered(device, group, 0));
    CHECK_FALSE(answered(device + 1, group, 0x2));
    CHECK_FALSE(answered(device, group + 1, 0x2));
    bench.camera.run_for(100ms);
    CHECK(bench.pins.frames.size() == 3);
}

TEST_CASE("a camera whose group mask was never set ignores action commands") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK_FALSE(client.command(0x0100, ActionBench::action({}, 0, 0, 0xFFFF'FFFF)));
}

TEST_CASE("the keys are where the standard has them, and the device key cannot be read") {
    ActionBench bench;
    CHECK(bench.client.must_read(0x0908) == 1);
    CHECK(bench.client.must_read(0x090C) == 0);
    CHECK(bench.client.must_read(0x0970) == 16);
    CHECK(bench.client.must_read(0x9800) == ActionBench::kGroupKey);
    CHECK(bench.client.must_read(0x9804) == ActionBench::kGroupMask);
    CHECK(bench.client.read_status(0x9810) == 0x8003);
    CHECK(bench.client.write(0x090C, 7) == 0);
    CHECK_FALSE(bench.act());
    CHECK(bench.client.command(0x0100, ActionBench::action({}, 7)));
}

TEST_CASE(
    "any application may act on a camera that another one controls, and nobody on one without control") {
    ActionBench bench;
    FakeClient other(bench.camera, kOther);
    SUBCASE("control") { bench.client.write(0x0A00, 2); }
    SUBCASE("exclusive") { bench.client.write(0x0A00, 1); }
    bench.camera.run_until(100ms);
    CHECK(ActionBench::act(other) == kSuccess);
    bench.camera.run_for(100ms);
    CHECK(bench.pins.frames.size() == 1);
    bench.client.die();
    bench.camera.run_for(10s);
    CHECK_FALSE(ActionBench::act(other));
    CHECK_FALSE(ActionBench::act(other, bench.reading() + 1s));
}

TEST_CASE("unconditional actions need no controlling application") {
    ActionBench bench;
    bench.configure(kUnconditional);
    CHECK((bench.client.must_read(0x0954) & kUnconditional) != 0);
    bench.client.write(0x0D24, 2);  // the stream goes on alone
    FakeClient other(bench.camera, kOther);
    CHECK(ActionBench::act(other, bench.reading() + 20s) == kSuccess);
    bench.client.stop_heartbeat();
    bench.camera.run_for(10s);
    CHECK(bench.client.must_read(0x0A00) == 0);
    CHECK(ActionBench::act(other) == kSuccess);
    bench.camera.run_for(20s);
    CHECK(bench.pins.starts() == std::vector<Time>{10s, 20s});
}

TEST_CASE("scheduled actions are cancelled when control is lost") {
    ActionBench bench;
    CHECK(bench.act(bench.reading() + 20s) == kSuccess);
    CHECK(bench.commit(bench.reading() + 1s, 1'000'000) == 0);
    CHECK(bench.client.get("ActionSchedulerStatus") == 1);
    bench.client.stop_heartbeat();
    bench.camera.run_for(10s);
    CHECK(bench.client.get("ActionSchedulerStatus") == 0);
}

TEST_CASE("an action is acknowledged only if the command requests it") {
    ActionBench bench;
    CHECK_FALSE(bench.client.command(0x0100, ActionBench::action(), 0x00));
    bench.camera.run_for(100ms);
    CHECK_FALSE(bench.client.command(0x0100, ActionBench::action(bench.reading() + 1ms), 0x80));
    bench.camera.run_for(100ms);
    CHECK(bench.pins.starts() == std::vector<Time>{0ms, 101ms});
}

TEST_CASE("a command that comes twice is executed once") {
    ActionBench bench;
    SUBCASE("at once") { CHECK(bench.act() == kSuccess); }
    SUBCASE("late") { CHECK(bench.act(ActionBench::kStart - 1s) == kError); }
    SUBCASE("planned") { CHECK(bench.act(bench.reading() + 1ms) == kSuccess); }
    const auto first = bench.client.acks.back();
    bench.camera.run_for(200ms);
    const auto again = bench.client.repeat();
    REQUIRE(again);
    CHECK(again->status == first.status);
    CHECK(again->id == first.id);
    bench.camera.run_for(200ms);
    CHECK(bench.pins.frames.size() == 1);
}

TEST_CASE("what was refused may be tried again, with the same id") {
    ActionBench bench(false);
    CHECK(bench.act(ActionBench::kStart + 1s) == kError);
    bench.in_step(true);
    REQUIRE(bench.client.repeat());
    CHECK(bench.client.acks.back().status == kSuccess);
    bench.camera.run_for(2s);
    CHECK(bench.stamps() == Stamps{ActionBench::kStart + 1s});
}

TEST_CASE("a scheduled action is performed when the clock reads its time, to the nanosecond") {
    ActionBench bench;
    const auto at = ActionBench::kStart + 1'234'567'891ns;
    CHECK(bench.act(at) == kSuccess);
    bench.camera.run_for(2s);
    CHECK(bench.stamps() == Stamps{at});
}

TEST_CASE("an action that comes too late is performed at once, with status ACTION_LATE") {
    ActionBench bench;
    bench.client.open_messages();
    bench.camera.run_until(1s);
    std::uint16_t expected = kError;
    SUBCASE("status codes of 2.0 are not enabled") {}
    SUBCASE("they are") {
        bench.configure(kStatus_2_0);
        expected = kActionLate;
    }
    CHECK(bench.act(bench.reading() - 1ns) == expected);
    REQUIRE(bench.client.events.size() == 1);
    CHECK(bench.client.events[0].id == 0x0009);
    CHECK(bench.client.events[0].timestamp == protocol::ticks(bench.reading()));
    bench.camera.run_for(100ms);
    CHECK(bench.pins.starts() == std::vector<Time>{1s});
    CHECK(bench.act(bench.reading()) == kSuccess);
    CHECK(bench.client.events.size() == 1);
}

TEST_CASE("a scheduled action is not performed by a clock that no network keeps") {
    ActionBench bench(false);
    std::uint16_t expected = kError;
    SUBCASE("status codes of 2.0 are not enabled") {}
    SUBCASE("they are") {
        bench.configure(kStatus_2_0);
        expected = kNoReferenceTime;
    }
    CHECK(bench.act(bench.reading() + 1s) == expected);
    CHECK(bench.act(bench.reading() - 1s) == expected);
    bench.camera.run_for(3s);
    CHECK(bench.pins.frames.empty());
    CHECK(bench.act() == kSuccess);
    bench.camera.run_for(100ms);
    CHECK(bench.pins.frames.size() == 1);
}

TEST_CASE("a queue that is full refuses one action more, and keeps those that it has") {
    ActionBench bench;
    std::uint16_t expected = kError;
    SUBCASE("status codes of 2.0 are not enabled") {}
    SUBCASE("they are") {
        bench.configure(kStatus_2_0);
        expected = kOverflow;
    }
    Stamps planned;
    for (int i = 1; i <= 16; ++i) {
        planned.push_back(ActionBench::kStart + i * 100ms);
        CHECK(bench.act(planned.back()) == kSuccess);
    }
    CHECK(bench.act(ActionBench::kStart + 50ms) == expected);
    bench.camera.run_until(150ms);
    CHECK(bench.act(ActionBench::kStart + 1650ms) == kSuccess);
    planned.push_back(ActionBench::kStart + 1650ms);
    bench.camera.run_until(3s);
    CHECK(bench.stamps() == planned);
}

TEST_CASE("status codes of version 1.1 do not stand for those of 2.0") {
    ActionBench bench(false);
    bench.configure(4);
    CHECK(bench.act(bench.reading() + 1s) == kError);
}

TEST_CASE("an action of another shape is refused, whatever its keys are") {
    ActionBench bench;
    const auto status = [&](const Bytes& payload, std::uint8_t flags) {
        const auto ack = bench.client.command(0x0100, payload, flags);
        return ack ? ack->status : 0xFFFF;
    };
    const auto whole = ActionBench::action(), timed = ActionBench::action(bench.reading());
    CHECK(status({}, 0x01) == kInvalidParameter);
    CHECK(status(Bytes(whole.begin(), whole.end() - 4), 0x01) == kInvalidParameter);
    CHECK(status(whole, 0x81) == kInvalidParameter);
    CHECK(status(timed, 0x01) == kInvalidParameter);
    CHECK(status(timed + be32(0), 0x81) == kInvalidParameter);
    auto datagram = gvcp_command(0x0100, 77, whole);
    datagram.pop_back();
    CHECK(bench.client.raw(datagram)->status == kInvalidHeader);
    bench.camera.run_for(100ms);
    CHECK(bench.pins.frames.empty());
}

TEST_CASE("a time that no clock reaches waits in its slot until it is cancelled") {
    ActionBench bench;
    const auto never = ActionBench::action() + be64(0xFFFF'FFFF'FFFF'FFFF);
    CHECK(bench.client.command(0x0100, never, 0x81)->status == kSuccess);
    CHECK(bench.client.get("ActionSchedulerStatus") == 1);
    bench.camera.run_for(1000s);
    CHECK(bench.pins.frames.empty());
    CHECK(bench.client.set("ActionSchedulerCancel", 1) == 0);
    CHECK(bench.client.get("ActionSchedulerStatus") == 0);
}
