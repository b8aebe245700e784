#include "emulator/sim/oscillator.h"

#include <doctest/doctest.h>

#include <cmath>

#include "protocol/time.h"

using emulator::sim::Oscillator;
using protocol::Time;
using namespace std::chrono_literals;

namespace {

double ppb(const Oscillator& oscillator, Time from, Time to) {
    const auto gained = (oscillator.at(to) - oscillator.at(from)) - (to - from);
    return 1e9 * static_cast<double>(gained.count()) / static_cast<double>((to - from).count());
}

}  // namespace

TEST_CASE("oscillator: it stands at zero at power-up, and a perfect one keeps the host's time") {
    CHECK(Oscillator({.drift_ppm = 50, .wander_ppb = 100, .seed = 3}).at(0ns) == 0ns);
    const Oscillator perfect;
    for (const Time host : {Time(1ns), Time(17s), Time(24h * 365)}) CHECK(perfect.at(host) == host);
}

TEST_CASE("oscillator: drift is a rate") {
    const Oscillator fast({.drift_ppm = 50, .wander_ppb = 0}), slow({.drift_ppm = -12.5, .wander_ppb = 0});
    CHECK(fast.at(1000s) == 1000s + 50ms);
    CHECK(slow.at(1000s) == 1000s - 12'500us);
}

TEST_CASE("oscillator: its frequency wanders by as much as set, over seconds and not at once") {
    const Oscillator oscillator({.drift_ppm = 0, .wander_ppb = 20, .seed = 7});
    double sum = 0, jumps = 0, last = ppb(oscillator, 0s, 1s);
    constexpr int kSeconds = 100'000;
    for (int second = 0; second < kSeconds; ++second) {
        const auto now = ppb(oscillator, std::chrono::seconds(second), std::chrono::seconds(second + 1));
        sum += now * now;
        jumps = std::max(jumps, std::abs(now - last));
        last = now;
    }
    // Over many times the longest period the mean square of all waves is what it is.
    CHECK(std::sqrt(sum / kSeconds) == doctest::Approx(20).epsilon(0.05));
    CHECK(jumps < 20);
}

TEST_CASE("oscillator: the same seed wanders the same way, another seed another") {
    const Oscillator one({.seed = 1}), same({.seed = 1}), other({.seed = 2});
    int differences = 0;
    for (Time host{}; host < 1000s; host += 7s) {
        CHECK(one.at(host) == same.at(host));
        differences += one.at(host) != other.at(host);
    }
    CHECK(differences > 100);
}

TEST_CASE("oscillator: it never goes back, and the host's time of each of its moments is found") {
    const Oscillator oscillator({.drift_ppm = -49.7, .wander_ppb = 1000, .seed = 5});
    for (Time host{}; host < 24h; host += 7'919'123'457ns) {
        REQUIRE(oscillator.at(host + 1ns) >= oscillator.at(host));
        const auto wanted = oscillator.at(host) + 1ns;
        const auto found = oscillator.host_at(wanted);
        REQUIRE(oscillator.at(found) >= wanted);
        REQUIRE(oscillator.at(found - 1ns) < wanted);
    }
}
