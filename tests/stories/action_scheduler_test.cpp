#include <doctest/doctest.h>

#include "tests/support/action_bench.h"

// Manual 5.16, sentence by sentence.

using namespace support;

namespace {

using Stamps = std::vector<Timestamp>;
constexpr auto kStart = ActionBench::kStart;

}  // namespace

TEST_CASE("while PTP is enabled actions are planned, and without PTP they are not") {
    ActionBench bench(false);
    CHECK(bench.commit(bench.reading() + 1s) == 0x8FFF);
    bench.configure(1u << 18);
    CHECK(bench.commit(bench.reading() + 1s) == 0x8013);
    CHECK(bench.client.get("ActionSchedulerStatus") == 0);
    bench.in_step(true);
    CHECK(bench.commit(bench.reading() + 1s) == 0);
    CHECK(bench.client.get("ActionSchedulerStatus") == 1);
    bench.camera.run_for(2s);
    CHECK(bench.stamps() == Stamps{kStart + 1s});
    CHECK(bench.client.get("ActionSchedulerStatus") == 0);
}

TEST_CASE("scheduled actions are cancelled when PTP is switched off") {
    ActionBench bench;
    CHECK(bench.commit(bench.reading() + 1s, 1000) == 0);
    CHECK(bench.act(bench.reading() + 2s) == 0);
    bench.in_step(false);
    CHECK(bench.client.get("ActionSchedulerStatus") == 0);
    bench.in_step(true);
    bench.camera.run_for(5s);
    CHECK(bench.pins.frames.empty());
}

TEST_CASE("a clock that fell out of step runs on, and what was planned by it is performed") {
    ActionBench bench;
    CHECK(bench.commit(kStart + 1s) == 0);
    bench.camera.camera.set_synchronised(false);
    CHECK(bench.commit(kStart + 2s) == 0);
    bench.camera.run_for(3s);
    CHECK(bench.stamps() == Stamps{kStart + 1s, kStart + 2s});
}

TEST_CASE("the action triggers images, if the trigger source is Action0 or Any, and the trigger is on") {
    ActionBench bench;
    const auto frames = [&](double source) {
        CHECK(bench.client.set("TriggerSource", source) == 0);
        bench.pins.forget();
        CHECK(bench.commit(bench.reading() + 100ms) == 0);
        bench.camera.run_for(200ms);
        CHECK(bench.pins.missed.empty());
        return bench.pins.frames.size();
    };
    CHECK(frames(ActionBench::kAction0) == 1);
    CHECK(frames(ActionBench::kAny) == 1);
    CHECK(frames(1) == 0);
    CHECK(frames(2) == 0);
    bench.client.stop();
    CHECK(frames(ActionBench::kAny) == 0);
}

TEST_CASE("the action selector has one action, which selects the features of the scheduler") {
    ActionBench bench;
    CHECK(bench.client.get("ActionSelector") == 0);
    CHECK(bench.client.set("ActionSelector", 0) == 0);
    CHECK(bench.client.set("ActionSelector", 1) == 0x8002);
}

TEST_CASE("the time is one of the network's clock in nanoseconds, and the frame bears it") {
    ActionBench bench;
    CHECK(bench.commit(kStart + 987'654'321ns) == 0);
    bench.camera.run_for(1s);
    CHECK(bench.stamps() == Stamps{kStart + 987'654'321ns});
    CHECK(bench.client.blocks.at(1).timestamp() == 1'800'000'001'111'111'110);
}

TEST_CASE("an action that is scheduled to the past is performed immediately") {
    ActionBench bench;
    bench.camera.run_until(500ms);
    for (const auto at : {Timestamp{}, kStart, bench.reading() - 1ns, bench.reading()}) {
        bench.camera.run_for(50ms);
        bench.pins.forget();
        const auto now = bench.camera.now();
        CHECK(bench.commit(at) == 0);
        bench.camera.run_for(10ms);
        CHECK(bench.pins.starts() == std::vector<Time>{now});
    }
    CHECK(bench.client.get("ActionSchedulerStatus") == 0);
}

TEST_CASE("a repeated action that is scheduled to the past ignores what it missed and goes on in phase") {
    ActionBench bench;
    bench.camera.run_until(1030ms);
    CHECK(bench.commit(kStart + 10ms, 100'000) == 0);
    bench.camera.run_until(1400ms);
    CHECK(bench.stamps() == Stamps{kStart + 1110ms, kStart + 1210ms, kStart + 1310ms});
}

TEST_CASE("the interval is in microseconds, up to 4294967295 of them, and 0 means once") {
    ActionBench bench;
    CHECK(bench.client.set("ActionSchedulerInterval", 4'294'967'295) == 0);
    CHECK(bench.client.get("ActionSchedulerInterval") == 4'294'967'295);
    CHECK(bench.commit(kStart + 1s, 0) == 0);
    bench.camera.run_for(10s);
    CHECK(bench.pins.frames.size() == 1);
    CHECK(bench.commit(bench.reading(), 4'294'967'295) == 0);
    bench.pins.forget();
    const auto now = bench.camera.now();
    bench.camera.run_for(4295s);
    CHECK(bench.pins.starts() == std::vector<Time>{now, now + 4'294'967'295us});
}

TEST_CASE("a repeated action is performed indefinitely, until it is cancelled") {
    ActionBench bench;
    bench.client.keeps_payload = false;
    CHECK(bench.commit(kStart + 1s, 40'000) == 0);
    bench.camera.run_until(100s + 20ms);
    const auto stamps = bench.stamps();
    REQUIRE(stamps.size() == 2'476);
    for (std::size_t i = 0; i < stamps.size(); ++i) REQUIRE(stamps[i] == kStart + 1s + i * 40ms);
    CHECK(bench.client.get("ActionSchedulerStatus") == 1);
    CHECK(bench.client.set("ActionSchedulerCancel", 1) == 0);
    CHECK(bench.client.get("ActionSchedulerStatus") == 0);
    bench.camera.run_for(10s);
    CHECK(bench.stamps().size() == stamps.size());
}

TEST_CASE(
    "there are as many slots as the queue's size says, for commits and commands together; one more fails") {
    ActionBench bench;
    const auto size = static_cast<int>(bench.client.get("ActionQueueSize"));
    CHECK(size == 16);
    for (int i = 1; i <= size; ++i) {
        const auto at = kStart + i * 50ms;
        CHECK((i % 2 == 0 ? bench.act(at) : bench.commit(at)) == 0);
    }
    CHECK(bench.commit(kStart + 10ms) == 0x8FFF);
    CHECK(bench.commit(kStart + 10ms, 1000) == 0x8FFF);
    CHECK(bench.act(kStart + 10ms) == 0x8FFF);
    bench.configure(1u << 18);
    CHECK(bench.commit(kStart + 10ms) == 0x8015);
    // What is past needs no slot.
    CHECK(bench.commit(kStart) == 0);
    bench.camera.run_for(2s);
    CHECK(bench.stamps().size() == 17);
    CHECK(bench.stamps().front() == kStart);
}

TEST_CASE("cancel takes all actions out of the queue, by whomever they were planned") {
    ActionBench bench;
    CHECK(bench.commit(kStart + 1s) == 0);
    CHECK(bench.commit(kStart + 1s, 1000) == 0);
    CHECK(bench.act(kStart + 1s) == 0);
    CHECK(bench.client.set("ActionSchedulerCancel", 1) == 0);
    bench.camera.run_for(3s);
    CHECK(bench.pins.frames.empty());
    for (int i = 0; i < 16; ++i) CHECK(bench.commit(kStart + 10s) == 0);
}

TEST_CASE("an action that the sensor cannot follow is a missed trigger") {
    ActionBench bench;
    bench.client.open_messages();
    CHECK(bench.client.set("EventSelector", emulator::Events::frame_trigger_missed) == 0);
    CHECK(bench.client.set("EventNotification", 1) == 0);
    CHECK(bench.commit(kStart + 10ms) == 0);
    CHECK(bench.commit(kStart + 10ms) == 0);
    CHECK(bench.act(kStart + 10'500us) == 0);
    bench.camera.run_for(100ms);
    CHECK(bench.stamps() == Stamps{kStart + 10ms});
    CHECK(bench.pins.missed == std::vector<Time>{10ms, 10'500us});
    REQUIRE(bench.client.events.size() == 2);
    CHECK(bench.client.events[1].timestamp == protocol::ticks(kStart + 10'500us));
}

TEST_CASE("the trigger delay counts from the action: only software triggers are not delayed") {
    ActionBench bench;
    CHECK(bench.client.set("TriggerDelay", 250) == 0);
    CHECK(bench.commit(kStart + 10ms) == 0);
    bench.camera.run_for(100ms);
    CHECK(bench.stamps() == Stamps{kStart + 10'250us});
}

TEST_CASE("actions are performed when the clock reads their time, however it is steered meanwhile") {
    ActionBench bench;
    auto& camera = bench.camera.camera;
    Stamps planned;
    for (int i = 1; i <= 10; ++i) {
        planned.push_back(kStart + i * 100ms + 7ns);
        CHECK(bench.commit(planned.back()) == 0);
    }
    CHECK(bench.commit(kStart + 2s, 100'000) == 0);
    for (int i = 0; i < 20; ++i) planned.push_back(kStart + 2s + i * 100ms);
    Dice dice(1);
    while (bench.reading() < kStart + 3950ms) {
        bench.camera.run_for(Time(dice.below(30'000'000)));
        camera.steer_clock(static_cast<double>(dice.below(100'000)) - 50'000);
    }
    const auto stamps = bench.stamps();
    REQUIRE(stamps.size() == planned.size());
    // A clock that is ahead of its oscillator skips a nanosecond now and then.
    for (std::size_t i = 0; i < stamps.size(); ++i) {
        CHECK(stamps[i] >= planned[i]);
        CHECK(stamps[i] <= planned[i] + 1ns);
    }
}

TEST_CASE(
    "when the clock jumps over the time of an action, it is performed at once, and repetitions keep their "
    "phase") {
    ActionBench bench;
    CHECK(bench.commit(kStart + 1s) == 0);
    CHECK(bench.commit(kStart + 50ms, 100'000) == 0);
    bench.camera.run_until(100ms);
    bench.camera.camera.step_clock(2s);
    bench.camera.run_for(100ms);
    CHECK(bench.pins.starts() == std::vector<Time>{50ms, 100ms, 150ms});
    CHECK(bench.stamps() == Stamps{kStart + 50ms, kStart + 2100ms, kStart + 2150ms});
}

TEST_CASE("when the clock jumps back, an action waits until its time comes") {
    ActionBench bench;
    CHECK(bench.commit(kStart + 1s) == 0);
    bench.camera.run_until(500ms);
    bench.camera.camera.step_clock(-400ms);
    bench.camera.run_until(2s);
    CHECK(bench.pins.starts() == std::vector<Time>{1400ms});
    CHECK(bench.stamps() == Stamps{kStart + 1s});
}

TEST_CASE("two cameras with oscillators of their own act at the same time of one clock") {
    ActionBench left, right;
    // One oscillator is 50 ppm fast, the other 30 ppm slow, and each clock is steered to run as the network
    // does.
    left.camera.camera.steer_clock(-50'000);
    right.camera.camera.steer_clock(30'000);
    for (auto* bench : {&left, &right}) CHECK(bench->commit(kStart + 1s, 33'333) == 0);
    left.camera.run_until(11s);
    right.camera.run_until(11s);
    const auto one = left.stamps(), other = right.stamps();
    REQUIRE(one.size() >= 299);
    for (std::size_t i = 0; i < 299; ++i) {
        CHECK(std::abs((one[i] - other[i]).count()) <= 1);
        CHECK(left.camera.requests[i].start > right.camera.requests[i].start);
    }
}
