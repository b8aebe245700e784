#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "emulator/sim/scheduler.h"

using emulator::sim::Scheduler;
using emulator::sim::Time;
using namespace std::chrono_literals;

TEST_CASE("events run in the order of their times, and those of one time as they were added") {
    Scheduler scheduler;
    std::string order;
    scheduler.at(3s, [&] { order += 'e'; });
    scheduler.at(1s, [&] { order += 'a'; });
    scheduler.at(2s, [&] { order += 'c'; });
    scheduler.at(1s, [&] { order += 'b'; });
    scheduler.at(2s, [&] { order += 'd'; });
    CHECK(scheduler.next() == 1s);
    scheduler.run_until(2s);
    CHECK(order == "abcd");
    CHECK(scheduler.now() == 2s);
    scheduler.run_until(10s);
    CHECK(order == "abcde");
    CHECK(scheduler.now() == 10s);
    CHECK_FALSE(scheduler.next());
}

TEST_CASE("an event sees its own time, however late it is run") {
    Scheduler scheduler;
    Time seen{};
    scheduler.after(5ms, [&] { seen = scheduler.now(); });
    scheduler.run_until(1s);
    CHECK(seen == 5ms);
}

TEST_CASE("events added by an event run in the same call, if they are due") {
    Scheduler scheduler;
    int beats = 0;
    std::function<void()> beat = [&] {
        ++beats;
        scheduler.after(10ms, beat);
    };
    scheduler.after(10ms, beat);
    scheduler.run_until(100ms);
    CHECK(beats == 10);
}

TEST_CASE("a cancelled event does not run, and to cancel twice or too late is no harm") {
    Scheduler scheduler;
    bool ran = false, other = false;
    const auto ticket = scheduler.after(1s, [&] { ran = true; });
    scheduler.after(1s, [&] { other = true; });
    scheduler.cancel(ticket);
    scheduler.cancel(ticket);
    scheduler.run_until(2s);
    CHECK_FALSE(ran);
    CHECK(other);
    scheduler.cancel(ticket);
}

TEST_CASE("an event may cancel another of the same time") {
    Scheduler scheduler;
    bool ran = false;
    Scheduler::Ticket second{};
    scheduler.at(1s, [&] { scheduler.cancel(second); });
    second = scheduler.at(1s, [&] { ran = true; });
    scheduler.run_until(1s);
    CHECK_FALSE(ran);
}

TEST_CASE("virtual time does not go back: an event in the past runs at once") {
    Scheduler scheduler;
    scheduler.run_until(5s);
    Time seen{};
    scheduler.at(1s, [&] { seen = scheduler.now(); });
    scheduler.run_until(5s);
    CHECK(seen == 5s);
    scheduler.run_until(4s);
    CHECK(scheduler.now() == 5s);
}
