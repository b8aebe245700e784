#include "protocol/clock.h"

#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "protocol/time.h"

using protocol::Clock;
using protocol::Time;
using protocol::Timestamp;
using namespace std::chrono_literals;

namespace {

/// Nanoseconds from 1970 to the year 2027: what a clock reads under IEEE 1588.
constexpr Timestamp kToday{Time(1'800'000'000'123'456'789)};

}  // namespace

TEST_CASE(
    "clock: time of the oscillator is no reading of the clock, and a reading no time of the oscillator") {
    CHECK_FALSE(std::is_convertible_v<Time, Timestamp>);
    CHECK_FALSE(std::is_convertible_v<Timestamp, Time>);
    CHECK(std::is_same_v<decltype(Timestamp{} - Timestamp{}), Time>);
}

TEST_CASE("clock: it counts the oscillator's nanoseconds from what it reads at power-up") {
    CHECK(Clock().at(0ns) == Timestamp(0ns));
    CHECK(Clock().at(5s) == Timestamp(5s));
    CHECK(Clock(Timestamp(3s)).at(5s) == Timestamp(8s));
}

TEST_CASE("clock: a reset makes it read zero, a step makes it jump, and both leave its rate alone") {
    Clock clock;
    clock.steer(0ns, 1000);
    clock.reset(10s);
    CHECK(clock.at(10s) == Timestamp(0ns));
    CHECK(clock.at(11s) == Timestamp(1s + 1000ns));
    clock.step(11s, kToday.time_since_epoch());
    CHECK(clock.at(11s) == kToday + 1s + 1000ns);
    clock.step(11s, -1s);
    CHECK(clock.at(12s) == kToday + 1s + 2000ns);
}

TEST_CASE("clock: steering bends it and never makes it jump") {
    Clock clock(kToday);
    const auto before = clock.at(100s);
    clock.steer(100s, 250.125);
    CHECK(clock.at(100s) == before);
    CHECK(clock.at(1100s) == before + 1000s + 250'125ns);
    clock.steer(1100s, -250.125);
    CHECK(clock.at(2100s) == before + 2000s);
}

TEST_CASE("clock: parts of a nanosecond are kept over any number of changes") {
    Clock once, often;
    once.steer(0ns, 0.7);
    for (Time at{}; at < 100s; at += 3ms) often.steer(at, 0.7);
    CHECK(often.at(100s) == once.at(100s));
}

TEST_CASE("clock: it never goes back between steps, and its inverse finds the first moment of each reading") {
    std::mt19937_64 dice(1);
    Clock clock(kToday);
    Time now{};
    auto last = clock.at(now);
    for (int change = 0; change < 2000; ++change) {
        now += Time(dice() % 2'000'000);
        REQUIRE(clock.at(now) >= last);
        clock.steer(now, static_cast<double>(static_cast<std::int64_t>(dice() % 200'000'000)) - 1e8);
        REQUIRE(clock.at(now) >= last);
        last = clock.at(now);
        const auto later = last + Time(dice() % 1'000'000'000'000);
        const auto when = clock.oscillator_at(later);
        REQUIRE(when >= now);
        REQUIRE(clock.at(when) >= later);
        REQUIRE((when == now || clock.at(when - 1ns) < later));
    }
}

TEST_CASE("clock: what a stamp carries has bit 63 clear, whatever was done to the clock") {
    constexpr auto kSign = std::uint64_t{1} << 63;
    Clock ahead, behind;
    ahead.step(1s, Time::max());
    ahead.step(2s, Time::max());
    CHECK((ahead.ticks(3s) & kSign) == 0);
    behind.step(1s, Time::min());
    behind.step(2s, Time::min());
    CHECK(behind.ticks(2s) == 0);
    CHECK(behind.ticks(3s) == 1'000'000'000);
    CHECK(behind.ticks(1s) == 0);
}

TEST_CASE("clock: a reading at the end of time is found without overflow") {
    Clock slow;
    slow.steer(0ns, -1e9);
    CHECK(slow.at(1s) == Timestamp(900ms));  // kMaxSteer_ppb
    CHECK(slow.oscillator_at(Timestamp::max()) == Time::max());
    CHECK(slow.oscillator_at(Timestamp::min()) < 0ns);
    CHECK(slow.at(Time::max()) > Timestamp(0ns));
}
