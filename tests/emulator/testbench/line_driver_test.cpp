#include "emulator/testbench/line_driver.h"

#include <doctest/doctest.h>

using namespace emulator;
using namespace std::chrono_literals;
using acquisition::Edge;
using acquisition::PulseTrain;
using testbench::Time;

namespace {

/// A driver whose line is recorded.
struct Wire {
    sim::Scheduler scheduler;
    std::vector<Edge> edges;
    testbench::LineDriver driver{scheduler, [this](bool high) { edges.push_back({scheduler.now(), high}); }};
};

using Edges = std::vector<Edge>;

}  // namespace

TEST_CASE("scheduled edges come exactly at their times, though the clock runs late and in one go") {
    Wire wire;
    wire.driver.pulse(true, 1ms, 10us);
    wire.driver.set(true, 2ms);
    CHECK(wire.driver.busy());
    wire.scheduler.run_until(1s);
    CHECK(wire.edges == Edges{{1ms, true}, {1010us, false}, {2ms, true}});
    CHECK(!wire.driver.busy());
}

TEST_CASE("a level set for now is there at once") {
    Wire wire;
    wire.scheduler.run_until(5ms);
    wire.driver.set(true, 5ms);
    CHECK(wire.edges == Edges{{5ms, true}});
    wire.driver.set(true, 5ms);
    CHECK(wire.edges.size() == 1);
}

TEST_CASE("a train plays by itself, the same for the same seed, and another for another") {
    const PulseTrain train{
        .period = 1ms, .width = 300us, .count = 50, .jitter = 400us, .bounces = 3, .bounce = 100us};
    const auto play = [&](std::uint64_t seed) {
        Wire wire;
        auto seeded = train;
        seeded.seed = seed;
        REQUIRE(wire.driver.play(seeded, 7ms));
        wire.scheduler.run_until(1s);
        return wire.edges;
    };
    const auto edges = play(1);
    CHECK(edges.size() == 50 * (2 + 4 * 3));
    CHECK(edges.front().at >= 7ms);
    CHECK(!edges.back().high);
    CHECK(play(1) == edges);
    CHECK(play(2) != edges);
}

TEST_CASE("a train that is stopped leaves its level, and another takes its place at once") {
    Wire wire;
    REQUIRE(wire.driver.play({.period = 10ms, .width = 5ms}, 0s));
    wire.scheduler.run_until(22ms);
    CHECK(wire.edges.size() == 5);
    wire.driver.stop();
    wire.scheduler.run_until(1s);
    CHECK(wire.edges.size() == 5);
    CHECK(wire.edges.back() == Edge{20ms, true});

    REQUIRE(wire.driver.play({.period = 10ms, .width = 5ms}, 1s));
    REQUIRE(wire.driver.play({.period = 1ms, .width = 500us, .count = 2}, 2s));
    wire.scheduler.run_until(3s);
    // The first pulse of the replaced train found the line high already.
    CHECK(wire.edges == Edges{{0s, true},
                              {5ms, false},
                              {10ms, true},
                              {15ms, false},
                              {20ms, true},
                              {2000500us, false},
                              {2001ms, true},
                              {2001500us, false}});
}

TEST_CASE("a train that cannot be is refused, and what plays goes on") {
    Wire wire;
    REQUIRE(wire.driver.play({.period = 10ms, .width = 5ms, .count = 2}, 0s));
    CHECK(!wire.driver.play({.period = 1ms, .width = 2ms}, 0s));
    wire.scheduler.run_until(1s);
    CHECK(wire.edges.size() == 4);
}
