#include "scenes/light/progress.h"

#include <doctest/doctest.h>

#include <cmath>

using scenes::light::progress;
using namespace std::chrono_literals;

TEST_CASE("what goes steadily has come as far as rate times time") {
    for (const double rate : {0.2, 1.0, 99.97, 0.0}) {
        for (const auto time : {0ns, 1ns, 1'234'567'891ns, 86'400'000'000'123ns}) {
            const auto p = progress(rate, time, 0.15);
            CHECK(static_cast<double>(p.steps) * 0.15 + p.rest ==
                  doctest::Approx(rate * 1e-9 * static_cast<double>(time.count())).epsilon(1e-12));
            CHECK(p.rest >= 0);
            CHECK(p.rest < 0.15 * (1 + 1e-12));
        }
    }
}

TEST_CASE("it goes on in the same way before time zero, and backwards") {
    const auto before = progress(1, -300ms, 1), backwards = progress(-1, 300ms, 1);
    CHECK(before.steps == -1);
    CHECK(before.rest == doctest::Approx(0.7));
    CHECK(backwards.steps == -1);
    CHECK(backwards.rest == doctest::Approx(0.7));
}

TEST_CASE("no digit is lost when a clock counts from 1970") {
    // With a step and a rate that a double holds exactly all is exact: 0.75 a second in steps of 0.375.
    for (auto time = 0ns; time < 1s; time += 7'654'321ns) {
        const auto early = progress(0.75, time, 0.375), late = progress(0.75, time + 1'800'000'000s, 0.375);
        CHECK(late.steps == early.steps + 3'600'000'000);
        CHECK(late.rest == early.rest);
    }
    // And where it does not, two moments a nanosecond apart are still told apart.
    const auto now = progress(0.2, 1'800'000'000'123'456'789ns, 0.15);
    const auto next = progress(0.2, 1'800'000'000'123'456'790ns, 0.15);
    CHECK(next.steps == now.steps);
    CHECK(next.rest - now.rest == doctest::Approx(0.2e-9).epsilon(1e-6));
}
