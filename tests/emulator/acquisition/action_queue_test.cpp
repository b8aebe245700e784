#include "emulator/acquisition/action_queue.h"

#include <doctest/doctest.h>

#include "protocol/time.h"

using emulator::acquisition::ActionQueue;
using protocol::Time;
using protocol::Timestamp;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp kToday{Time(1'800'000'000'123'456'789)};

/// What the queue does while a clock runs steadily: the readings at which it performs, until `end`.
std::vector<Timestamp> performed(ActionQueue& queue, Timestamp end) {
    std::vector<Timestamp> times;
    while (queue.next() && *queue.next() <= end) {
        const auto due = *queue.next();
        for (int count = queue.take_due(due); count > 0; --count) times.push_back(due);
    }
    return times;
}

using Times = std::vector<Timestamp>;

}  // namespace

TEST_CASE("action queue: once means once, at its time, in whatever order they were added") {
    ActionQueue queue;
    CHECK(queue.empty());
    CHECK(queue.add(kToday + 3s, 0s, kToday));
    CHECK(queue.add(kToday + 1s, 0s, kToday));
    CHECK(queue.add(kToday + 1s, 0s, kToday));
    CHECK(queue.take_due(kToday + 1s - 1ns) == 0);
    CHECK(performed(queue, kToday + 10s) == Times{kToday + 1s, kToday + 1s, kToday + 3s});
    CHECK(queue.empty());
}

TEST_CASE("action queue: repeated means for ever, an interval apart, from its time on") {
    ActionQueue queue;
    CHECK(queue.add(kToday, 700us, kToday - 1s));
    const auto times = performed(queue, kToday + 100s);
    REQUIRE(times.size() == 142'858);
    for (std::size_t i = 0; i < times.size(); ++i) REQUIRE(times[i] == kToday + i * 700us);
    CHECK_FALSE(queue.empty());
    queue.clear();
    CHECK(queue.empty());
    CHECK_FALSE(queue.next());
}

TEST_CASE("action queue: a repeated action that should have begun in the past goes on as if it had") {
    for (const Time late : {Time(1ns), Time(1s), Time(1s + 1ns), Time(2500ms), Time(1000s)}) {
        ActionQueue then, now;
        const Timestamp start = kToday - late;
        CHECK(then.add(start, 1s, start));
        (void)performed(then, kToday - 1ns);
        CHECK(now.add(start, 1s, kToday));
        CHECK(now.next() == then.next());
        CHECK(performed(now, kToday + 20s) == performed(then, kToday + 20s));
    }
    ActionQueue since_1970;
    CHECK(since_1970.add(Timestamp(0s), 1us, kToday));
    CHECK(since_1970.next() == kToday + 211ns);
}

TEST_CASE("action queue: a slot more than there are is refused, and changes nothing") {
    ActionQueue queue;
    for (std::uint32_t i = 0; i < protocol::kActionQueueSlots; ++i)
        CHECK(queue.add(kToday + 1s * (i + 1), 0s, kToday));
    CHECK_FALSE(queue.add(kToday + 1ms, 0s, kToday));
    CHECK_FALSE(queue.add(kToday + 1ms, 1ms, kToday));
    CHECK(queue.next() == kToday + 1s);
    CHECK(queue.take_due(kToday + 1s) == 1);
    CHECK(queue.add(kToday + 1500ms, 0s, kToday + 1s));
    CHECK(queue.next() == kToday + 1500ms);
}

TEST_CASE("action queue: no action is repeated faster than a sensor could follow, and none loses its phase") {
    for (const Time interval : {Time(1us), Time(7us), Time(30us), Time(99us), Time(100us), Time(101us)}) {
        CAPTURE(interval.count());
        ActionQueue queue;
        CHECK(queue.add(kToday, interval, kToday));
        const auto times = performed(queue, kToday + 10ms);
        for (std::size_t i = 1; i < times.size(); ++i) {
            REQUIRE((times[i] - kToday) % interval == 0ns);
            REQUIRE(times[i] - times[i - 1] >= ActionQueue::kRest);
            REQUIRE(times[i] - times[i - 1] < ActionQueue::kRest + interval);
        }
        CHECK(times.size() >= 50);
    }
}

TEST_CASE(
    "action queue: when the clock jumps ahead, what was to happen once is due, and repetitions are ignored") {
    ActionQueue queue;
    CHECK(queue.add(kToday + 1s, 0s, kToday));
    CHECK(queue.add(kToday + 1s, 400ms, kToday));
    queue.clock_stepped(kToday + 10s);
    CHECK(queue.take_due(kToday + 10s) == 1);
    CHECK(queue.next() == kToday + 10'200ms);
    CHECK(performed(queue, kToday + 11s) == Times{kToday + 10'200ms, kToday + 10'600ms, kToday + 11s});
}

TEST_CASE("action queue: after a small jump back nothing is repeated at a time that was reached already") {
    ActionQueue queue;
    CHECK(queue.add(kToday, 10ms, kToday));
    CHECK(queue.take_due(kToday) == 1);
    queue.clock_stepped(kToday - 20us);
    CHECK(performed(queue, kToday + 20ms) == Times{kToday + 10ms, kToday + 20ms});
}

TEST_CASE(
    "action queue: after a great jump back repetitions go on in phase, but not before they were to begin") {
    ActionQueue queue;
    CHECK(queue.add(kToday, 10ms, kToday));
    (void)performed(queue, kToday + 100s);
    queue.clock_stepped(kToday + 1s + 3ms);
    CHECK(performed(queue, kToday + 1025ms) == Times{kToday + 1010ms, kToday + 1020ms});
    queue.clock_stepped(Timestamp(12s));
    CHECK(queue.next() == kToday);
}

TEST_CASE("action queue: an action at the end of time waits, and overflows nothing") {
    ActionQueue queue;
    CHECK(queue.add(Timestamp::max(), 0s, kToday));
    CHECK(queue.add(Timestamp::max(), std::chrono::microseconds(0xFFFF'FFFF), kToday));
    CHECK(queue.next() == Timestamp::max());
    CHECK(queue.take_due(kToday + 1h) == 0);
    queue.clock_stepped(Timestamp(0s));
    CHECK(queue.next() == Timestamp::max());
}
