#include "protocol/ptp/servo.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "protocol/clock.h"
#include "protocol/time.h"
#include "tests/support/wire.h"

using namespace protocol::ptp;
using namespace std::chrono_literals;
using protocol::Time;
using protocol::Timestamp;

namespace {

/// A clock that the servo leads after a perfect master, measured with noise.
struct Bench {
    double drift_ppm = 50;
    Time interval = 1s, noise = 0ns;
    protocol::Clock clock{};
    Servo servo{};
    support::Dice dice{1};
    Time now{};  // the master's
    std::vector<Time> errors{}, steps{};

    [[nodiscard]] Time oscillator() const {
        return now + Time(static_cast<std::int64_t>(static_cast<double>(now.count()) * drift_ppm * 1e-6));
    }
    /// By how much the clock runs faster than its oscillator.
    [[nodiscard]] double steered_ppb() const {
        const Time from = oscillator();
        return static_cast<double>((clock.at(from + 1000s) - clock.at(from) - 1000s).count()) / 1000;
    }
    [[nodiscard]] Time error() const { return clock.at(oscillator()) - Timestamp(now); }

    void apply(const Correction& correction) {
        if (correction.step != Time::zero()) steps.push_back(correction.step);
        clock.step(oscillator(), correction.step);
        clock.steer(oscillator(), correction.rate_ppb);
    }
    void run(int samples, Time fault = {}) {
        for (int i = 0; i < samples; ++i) {
            now += interval;
            errors.push_back(error());
            auto measured = error() + fault;
            // The mean of eight is nearly normal.
            for (int k = 0; k < 8 && noise > 0ns; ++k)
                measured += Time(dice.below(static_cast<std::uint64_t>(noise.count()))) - noise / 2;
            apply(servo.sample(measured, clock.at(oscillator()) + fault));
        }
    }
    /// Of the absolute errors since the `skip`-th sample.
    [[nodiscard]] Time percentile(double share, std::size_t skip) const {
        std::vector<Time> sorted;
        for (std::size_t i = skip; i < errors.size(); ++i) sorted.push_back(std::chrono::abs(errors[i]));
        std::ranges::sort(sorted);
        return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    }
};

}  // namespace

TEST_CASE("ptp servo: without noise the second sample finds the rate, and the clock is right from then on") {
    for (const double ppm : {50.0, -50.0, 0.1}) {
        Bench bench{.drift_ppm = ppm, .clock = protocol::Clock(Timestamp(123s))};
        bench.run(10);
        CHECK(std::chrono::abs(bench.error()) <= 100ns);
        CHECK(bench.steered_ppb() == doctest::Approx(-ppm * 1000).epsilon(1e-3).scale(1000));
        CHECK(bench.steps.size() <= 2);
        CHECK(bench.servo.settled());
    }
}

TEST_CASE(
    "ptp servo: with 50 ppm and stamps that scatter by microseconds, the clock is closer than they are") {
    for (const Time interval : {Time(1s), Time(125ms), Time(8s)}) {
        // Eight uniform numbers of 2 us: a standard deviation of 1.6 us.
        Bench bench{.interval = interval, .noise = 2us, .clock = protocol::Clock(Timestamp(1'000'000s))};
        bench.run(400);
        CAPTURE(interval.count());
        CHECK(bench.percentile(0.5, 12) < 1500ns);
        CHECK(bench.percentile(0.9, 12) < 4us);
        CHECK(bench.steps.size() <= 3);
    }
}

TEST_CASE("ptp servo: once settled the clock is not set any more, so its time goes on smoothly") {
    Bench bench{.noise = 20us};
    bench.run(4);
    bench.steps.clear();
    bench.run(200);
    CHECK(bench.steps.empty());
}

TEST_CASE("ptp servo: samples that a stalled host delayed are left out") {
    Bench bench{.noise = 2us};
    bench.run(20);
    for (int i = 0; i < 10; ++i) {
        bench.run(1, 100ms);
        bench.run(7);
        bench.run(2, 300us);
        bench.run(8);
    }
    CHECK(bench.percentile(0.9, 12) < 5us);
    CHECK(bench.percentile(1, 12) < 20us);
}

TEST_CASE("ptp servo: what stays away is true: the master was set") {
    Bench bench{.noise = 2us};
    bench.run(20);
    bench.clock.step(bench.oscillator(), 3s);
    bench.run(5);
    CHECK(std::chrono::abs(bench.error()) > 2s);
    bench.run(4);
    CHECK(std::chrono::abs(bench.error()) < 20us);
}

TEST_CASE("ptp servo: without a master the clock keeps the rate that it has learned") {
    Bench bench{.noise = 2us};
    bench.run(60);
    const auto before = bench.error();
    bench.apply(bench.servo.hold());
    bench.now += 100s;
    // 1.6 us of scatter over 8 s of memory are 0.3 ppm at the most.
    CHECK(std::chrono::abs(bench.error() - before) < 50us);
    CHECK(bench.steered_ppb() == doctest::Approx(-50'000).epsilon(0.01));
}

TEST_CASE("ptp servo: after a pause it starts from there, without setting the clock for microseconds") {
    Bench bench{.noise = 2us};
    bench.run(60);
    bench.apply(bench.servo.hold());
    bench.now += 20s;
    bench.steps.clear();
    bench.servo.restart();
    CHECK_FALSE(bench.servo.settled());
    bench.errors.clear();
    bench.run(20);
    CHECK(bench.steps.empty());
    CHECK(bench.percentile(1, 0) < 20us);
}

TEST_CASE("ptp servo: lost samples do not lead it astray") {
    Bench bench{.noise = 2us};
    bench.run(5);
    for (int i = 0; i < 50; ++i) {
        bench.now += Time(std::chrono::seconds(bench.dice.below(4)));
        bench.run(1);
    }
    CHECK(bench.percentile(0.9, 12) < 6us);
}

TEST_CASE("ptp servo: nonsense gives no rate that an oscillator cannot have") {
    Servo servo;
    support::Dice dice(3);
    Timestamp at{};
    for (int i = 0; i < 100'000; ++i) {
        const auto offset =
            Time(static_cast<std::int64_t>(dice.next() >> dice.below(64)) / (dice.one_in(2) ? 2 : -2));
        at += Time(dice.below(2'000'000'000)) - 200ms;
        const auto correction = servo.sample(offset, at);
        at += dice.one_in(3) ? correction.step % 100s : 0s;
        REQUIRE(std::isfinite(correction.rate_ppb));
        REQUIRE(std::abs(correction.rate_ppb) <= 600'000);
    }
}
