#include "emulator/testbench/signal_log.h"

#include <doctest/doctest.h>

using namespace emulator::testbench;

namespace {

SignalLog filled(std::uint64_t count) {
    SignalLog log;
    for (std::uint64_t i = 0; i < count; ++i) log.add({.ticks = 10 * i, .what = LensMove{}});
    return log;
}

}  // namespace

TEST_CASE("signals are numbered from 0, and read on from where one stopped") {
    const auto log = filled(10);
    const auto first = log.since(0, 4);
    REQUIRE(first.signals.size() == 4);
    CHECK(first.next == 4);
    CHECK(first.lost == 0);
    const auto rest = log.since(first.next, 100);
    REQUIRE(rest.signals.size() == 6);
    CHECK(rest.next == 10);
    for (std::size_t i = 0; i < rest.signals.size(); ++i) {
        CHECK(rest.signals[i].number == 4 + i);
        CHECK(rest.signals[i].ticks == 10 * (4 + i));
    }
    CHECK(log.since(rest.next, 100).signals.empty());
}

TEST_CASE("signals that are already overwritten are counted as lost") {
    const auto log = filled(SignalLog::kKept + 5);
    const auto all = log.since(0, 1);
    CHECK(all.lost == 5);
    REQUIRE(all.signals.size() == 1);
    CHECK(all.signals[0].number == 5);
    CHECK(log.since(5, 1).lost == 0);
    CHECK(log.since(0, SignalLog::kKept + 100).signals.size() == SignalLog::kKept);
}

TEST_CASE("a number beyond the last signal is an empty excerpt") {
    const auto log = filled(3);
    for (const std::uint64_t number : {std::uint64_t{3}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
        const auto none = log.since(number, 10);
        CHECK(none.signals.empty());
        CHECK(none.next == 3);
        CHECK(none.lost == 0);
    }
    CHECK(SignalLog{}.since(7, 10).next == 0);
}
