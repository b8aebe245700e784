#include "emulator/faults/chance.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

// Which of its opportunities a fault takes.

using emulator::faults::Chance;
using nlohmann::json;

namespace {

Chance chance_of(const json& keys) { return Chance(scenes::Node(keys, "test")); }

/// The opportunities of 0 to 99 that it takes.
std::set<int> taken(Chance chance) {
    std::set<int> taken;
    for (int i = 0; i < 100; ++i)
        if (chance.takes(static_cast<std::uint64_t>(i))) taken.insert(i);
    return taken;
}

}  // namespace

TEST_CASE("the share of opportunities that a fault takes is as set, and the same for the same seed") {
    for (const double rate : {0.0, 0.01, 0.5, 1.0}) {
        CAPTURE(rate);
        auto one = chance_of({{"rate", rate}, {"seed", 7}}), same = one;
        auto other = chance_of({{"rate", rate}, {"seed", 8}});
        int taken = 0, different = 0;
        constexpr int kAll = 100'000;
        for (std::uint64_t i = 0; i < kAll; ++i) {
            const bool takes = one.takes(i);
            taken += takes;
            REQUIRE(takes == same.takes(i));
            different += takes != other.takes(i);
        }
        // Five standard deviations of a binomial count.
        CHECK(std::abs(taken - rate * kAll) <= 5 * std::sqrt(kAll * rate * (1 - rate)));
        CHECK((different > 0) == (rate > 0 && rate < 1));
    }
}

TEST_CASE("the draw of an opportunity does not depend on the order of all") {
    auto forward = chance_of({{"rate", 0.3}}), backward = forward;
    std::set<int> first, second;
    for (int i = 0; i < 1000; ++i)
        if (forward.takes(static_cast<std::uint64_t>(i))) first.insert(i);
    for (int i = 999; i >= 0; --i)
        if (backward.takes(static_cast<std::uint64_t>(i))) second.insert(i);
    CHECK(first.size() > 200);
    CHECK(first == second);
}

TEST_CASE("every, skip, burst and count choose opportunities in their order") {
    CHECK(taken(chance_of({{"count", 2}})) == std::set{0, 1});
    CHECK(taken(chance_of({{"skip", 98}})) == std::set{98, 99});
    CHECK(taken(chance_of({{"every", 40}})) == std::set{39, 79});
    CHECK(taken(chance_of({{"every", 40}, {"skip", 5}})) == std::set{44, 84});
    CHECK(taken(chance_of({{"every", 40}, {"burst", 3}})) == std::set{39, 40, 41, 79, 80, 81});
    CHECK(taken(chance_of({{"every", 40}, {"burst", 3}, {"count", 4}})) == std::set{39, 40, 41, 79});
    CHECK(taken(chance_of(json::object())).size() == 100);
    CHECK(taken(chance_of({{"rate", 0}})).empty());
}
