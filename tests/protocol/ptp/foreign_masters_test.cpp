#include "protocol/ptp/foreign_masters.h"

#include <doctest/doctest.h>

#include "protocol/time.h"

using namespace protocol::ptp;
using namespace std::chrono_literals;
using protocol::Time;

namespace {

Message announce(std::uint64_t clock, std::uint16_t sequence, std::uint8_t priority1 = 128) {
    Message message;
    message.type = Type::announce;
    message.source = {.clock = clock, .port = 1};
    message.sequence = sequence;
    message.log_interval = 1;
    message.master = {.priority1 = priority1, .grandmaster = clock, .sender = message.source};
    return message;
}

}  // namespace

TEST_CASE("ptp foreign masters: one Announce does not qualify a master, two within four intervals do") {
    ForeignMasters masters(2s);
    masters.hear(announce(1, 1), 0s);
    CHECK_FALSE(masters.best(0s));
    masters.hear(announce(1, 2), 2s);
    REQUIRE(masters.best(2s));
    CHECK(masters.best(2s)->grandmaster == 1);
    CHECK(masters.best(8s));
    CHECK_FALSE(masters.best(9s));
    masters.hear(announce(1, 3), 20s);
    CHECK_FALSE(masters.best(20s));
}

TEST_CASE("ptp foreign masters: an announcement that the network doubled counts once") {
    ForeignMasters masters(2s);
    masters.hear(announce(1, 1), 0s);
    masters.hear(announce(1, 1), 1ms);
    CHECK_FALSE(masters.best(1ms));
}

TEST_CASE("ptp foreign masters: the best of them is taken, and what it says last counts") {
    ForeignMasters masters(2s);
    for (std::uint16_t turn = 0; turn < 2; ++turn) {
        masters.hear(announce(1, turn, 100), turn * 2s);
        masters.hear(announce(2, turn, 90), turn * 2s);
    }
    CHECK(masters.best(2s)->grandmaster == 2);
    masters.hear(announce(2, 2, 110), 4s);
    CHECK(masters.best(4s)->grandmaster == 1);
    masters.forget({.clock = 1, .port = 1});
    CHECK(masters.best(4s)->grandmaster == 2);
}

TEST_CASE(
    "ptp foreign masters: a flood of inventions takes no memory and does not drive out who is believed") {
    ForeignMasters masters(2s);
    for (std::uint16_t turn = 0; turn < 2; ++turn) masters.hear(announce(1, turn), turn * 1s);
    for (std::uint64_t clock = 100; clock < 10'000; ++clock) masters.hear(announce(clock, 1, 0), 2s);
    CHECK(masters.size() == ForeignMasters::kMost);
    REQUIRE(masters.best(3s));
    CHECK(masters.best(3s)->grandmaster == 1);
    // And with all places taken by it, who is true still gets one.
    for (std::uint16_t turn = 0; turn < 2; ++turn) masters.hear(announce(50, turn, 0), turn * 1s + 3s);
    CHECK(masters.best(4s)->grandmaster == 50);
}

TEST_CASE("ptp foreign masters: slow masters qualify by their own interval, which is limited") {
    ForeignMasters masters(2s);
    auto slow = announce(1, 1);
    slow.log_interval = 3;
    masters.hear(slow, 0s);
    slow.sequence = 2;
    masters.hear(slow, 8s);
    CHECK(masters.best(30s));
    CHECK(masters.interval_of(slow.source) == 8s);
    for (int log = -128; log < 128; ++log) {
        const auto interval = interval_of_log(static_cast<std::int8_t>(log), -3, 4);
        CHECK(interval >= 125ms);
        CHECK(interval <= 16s);
    }
    CHECK(interval_of_log(-2, -3, 4) == 250ms);
}
