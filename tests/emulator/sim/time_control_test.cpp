#include "emulator/sim/time_control.h"

#include <doctest/doctest.h>

#include <string>

// Camera time against host time: rates, pauses, steps and jumps, with the events of both in their order.

using emulator::sim::TimeControl;
using emulator::sim::TimeScale;
using protocol::Time;
using namespace std::chrono_literals;

namespace {

/// As a pacer does, in virtual time.
void run(TimeControl& time, Time host) {
    for (auto next = time.next(); next && *next <= host; next = time.next()) time.run_until(*next);
    time.run_until(host);
}

/// When events of camera time happened, in host time.
struct Beats {
    explicit Beats(TimeControl& control, Time period, int count) : time(control) {
        for (int beat = 1; beat <= count; ++beat)
            time.camera().at(beat * period, [this] { at.push_back(time.host().now()); });
    }
    TimeControl& time;
    std::vector<Time> at;
};

using Times = std::vector<Time>;

}  // namespace

TEST_CASE("time scale: at rate 1 from the start both times are equal, to both ends") {
    const TimeScale scale;
    for (const Time host : {Time(0), Time(1), Time(24h * 365 * 100)}) {
        CHECK(scale.camera_at(host) == host);
        CHECK(scale.host_at(host) == host);
    }
}

TEST_CASE("time scale: the host time of a camera time is the first at which it is reached") {
    for (const std::int64_t rate : {std::int64_t{1'000}, std::int64_t{333'333}, std::int64_t{500'000},
                                    TimeScale::kReal, std::int64_t{2'000'003}, std::int64_t{1'000'000'000}}) {
        CAPTURE(rate);
        TimeScale scale;
        scale.set_rate(1234567s, rate);
        for (const Time ahead : {Time(0), Time(1), Time(999), Time(1001), Time(10s + 7ns), Time(24h)}) {
            const auto camera = 1234567s + ahead;
            const auto host = scale.host_at(camera);
            REQUIRE(host);
            CHECK(scale.camera_at(*host) >= camera);
            CHECK((scale.camera_at(*host - 1ns) < camera || ahead == Time(0)));
        }
    }
}

TEST_CASE("time scale: a change of rate lets nothing jump") {
    TimeScale scale;
    Time host{}, before{};
    for (const std::int64_t rate : {1'000'000'000, 1'000, 0, 333'333, 1'000'000}) {
        host += 1'000'003ns;
        before = scale.camera_at(host);
        scale.set_rate(host, rate);
        CHECK(scale.camera_at(host) == before);
    }
    CHECK(scale.camera_at(host + 5ns) == before + 5ns);
}

TEST_CASE("time: events of both times run in their common order, each at its own time") {
    TimeControl time;
    std::string order;
    time.host().at(3ms, [&] { order += 'c'; });
    time.camera().at(1ms, [&] {
        order += 'a';
        CHECK(time.host().now() == 1ms);
        time.host().after(1ms, [&] { order += 'b'; });
    });
    time.camera().at(4ms, [&] { order += 'd'; });
    time.host().at(5ms, [&] {
        order += 'e';
        CHECK(time.camera().now() == 5ms);
    });
    run(time, 6ms);
    CHECK(order == "abcde");
    CHECK(time.camera().now() == 6ms);
    CHECK(time.real());
}

TEST_CASE("time: a late host runs the same events in the same order") {
    TimeControl time;
    std::string order;
    time.camera().at(1ms, [&] {
        order += 'a';
        time.host().after(1ms, [&] { order += 'b'; });
    });
    time.camera().at(3ms, [&] { order += 'c'; });
    time.run_until(10ms);
    CHECK(order == "abc");
}

TEST_CASE("time: rates stretch and shorten camera time") {
    for (const std::int64_t rate :
         {std::int64_t{1'000}, std::int64_t{500'000}, std::int64_t{2'000'000}, TimeControl::kMostRate}) {
        CAPTURE(rate);
        TimeControl time;
        run(time, 10ms);
        const Beats beats(time, 20ms, 3);
        time.set_rate(rate);
        CHECK_FALSE(time.real());
        run(time, 1000s);
        Times expected;
        for (const Time camera : {20ms, 40ms, 60ms})
            expected.push_back(10ms + Time((camera - 10ms).count() * 1'000'000 / rate));
        CHECK(beats.at == expected);
        CHECK(time.camera().now() == 10ms + Time((1000s - Time(10ms)).count() / 1'000'000 * rate));
    }
}

TEST_CASE("time: paused, camera time stands still and host time does not; what is due now still happens") {
    TimeControl time;
    const Beats beats(time, 20ms, 2);
    run(time, 30ms);
    time.set_rate(0);
    int now = 0, host = 0;
    time.host().at(1s, [&] { ++host; });
    time.camera().after(0ns, [&] { ++now; });
    run(time, 10s);
    CHECK(time.camera().now() == 30ms);
    CHECK(time.host().now() == 10s);
    CHECK(now == 1);
    CHECK(host == 1);
    CHECK(beats.at == Times{20ms});
    time.set_rate(TimeScale::kReal);
    CHECK(time.real());
    run(time, 11s);
    CHECK(beats.at == Times{20ms, 10s + 10ms});
}

TEST_CASE("time: a step goes to its end at once, with all events on the way, and pauses there") {
    TimeControl time;
    const Beats beats(time, 20ms, 10);
    run(time, 30ms);
    time.step_to(75ms);
    CHECK_FALSE(time.rate());
    run(time, 31ms);
    CHECK(time.camera().now() == 75ms);
    CHECK(time.rate() == 0);
    CHECK(beats.at == Times{20ms, 30ms, 30ms});
    time.step_to(80ms);
    run(time, 32ms);
    CHECK(beats.at.size() == 4);
    CHECK(time.camera().now() == 80ms);
}

TEST_CASE("time: fast jumps from event to event, and runs at rate 1 where there is none") {
    TimeControl time;
    const Beats beats(time, 20s, 3);
    time.set_fast();
    run(time, 1ms);
    CHECK(beats.at == Times{0ms, 0ms, 0ms});
    CHECK(time.camera().now() == 60s + 1ms);
    CHECK(time.fast());
    run(time, 10ms);
    CHECK(time.camera().now() == 60s + 10ms);
    time.set_rate(TimeScale::kReal);
    run(time, 20ms);
    CHECK(time.camera().now() == 60s + 20ms);
}

TEST_CASE("time: jumps wait while frames before are not sent, and camera time stands still meanwhile") {
    TimeControl time;
    bool busy = false;
    time.wait_while([&] { return busy; });
    Times starts;
    std::function<void()> expose = [&] {
        starts.push_back(time.camera().now());
        busy = true;
        time.host().after(27ms, [&] { busy = false; });
        time.camera().after(1s, expose);
    };
    time.camera().at(1s, expose);
    time.set_fast();
    run(time, 100ms);
    CHECK(starts == Times{1s, 2s, 3s, 4s});
    CHECK(time.camera().now() == 4s);
    // So does a step.
    time.step_to(5s + 500ms);
    run(time, 105ms);
    CHECK(time.camera().now() == 4s);
    run(time, 109ms);
    CHECK(time.camera().now() == 5s);
    run(time, 200ms);
    CHECK(time.camera().now() == 5s + 500ms);
    CHECK(time.rate() == 0);
}

TEST_CASE("time: endless events while it runs fast leave host time its own") {
    TimeControl time;
    std::uint64_t beats = 0;
    std::function<void()> beat = [&] {
        ++beats;
        time.camera().after(1us, beat);
    };
    time.camera().after(1us, beat);
    int host = 0;
    time.host().at(5ms, [&] { ++host; });
    time.set_fast();
    for (Time now{}; now < 10ms; now += 1ms) {
        time.run_until(now);
        CHECK(time.next() == now);
        CHECK(time.host().now() == now);
    }
    CHECK(host == 1);
    CHECK(beats > 100);
}

TEST_CASE("time: who is told of rate 1 is told of changes alone") {
    TimeControl time;
    std::vector<bool> told;
    time.on_real([&](bool real) { told.push_back(real); });
    time.set_rate(TimeScale::kReal);
    time.set_rate(2'000'000);
    time.set_fast();
    time.step_to(1s);
    run(time, 1s);
    time.set_rate(TimeScale::kReal);
    CHECK(told == std::vector<bool>{false, true});
}

TEST_CASE("time: what the camera sends leaves at its camera time, or at once where time is not real") {
    TimeControl time;
    run(time, 1s);
    CHECK(time.sent_at(1s + 5ms) == 1s + 5ms);
    time.set_rate(0);
    CHECK(time.sent_at(1s + 5ms) == 1s);
    run(time, 3s);
    time.set_rate(TimeScale::kReal);
    CHECK(time.sent_at(1s + 5ms) == 3s + 5ms);
    time.set_fast();
    CHECK(time.sent_at(1s + 5ms) == 3s);
}
