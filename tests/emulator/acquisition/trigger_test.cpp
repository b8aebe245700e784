#include <doctest/doctest.h>

#include "emulator/acquisition/line.h"
#include "emulator/acquisition/trigger.h"

using namespace emulator::acquisition;
using namespace std::chrono_literals;

namespace {

using Times = std::vector<Time>;
using Signals = std::vector<TriggerInput::Signal>;

/// When signals reach the sensor.
Times signals(const TriggerSettings& settings, const std::vector<Edge>& edges, Time until = 1h) {
    TriggerInput input;
    Times found;
    const auto run_until = [&](Time time) {
        for (auto due = input.deadline(); due && *due <= time; due = input.deadline()) {
            found.insert(found.end(), input.expire(*due).size(), *due);
        }
    };
    for (const auto& edge : edges) {
        run_until(edge.at);
        input.on_edge(edge.high, settings, edge.at);
    }
    run_until(until);
    return found;
}

TriggerSettings armed() { return {.on = true}; }

}  // namespace

TEST_CASE("a trigger signal is a rising edge, or a falling one if so set") {
    auto settings = armed();
    const std::vector<Edge> pulse{{10us, true}, {15us, false}};
    CHECK(signals(settings, pulse) == Times{10us});
    settings.activation = TriggerActivation::falling_edge;
    CHECK(signals(settings, pulse) == Times{15us});
}

TEST_CASE("the same level again is no edge") {
    CHECK(signals(armed(), {{10us, true}, {11us, true}, {12us, false}, {13us, false}}) == Times{10us});
    CHECK(signals(armed(), {{10us, false}}).empty());
}

TEST_CASE("the line triggers with TriggerMode on and a source that includes it") {
    const std::vector<Edge> edges{{10us, true}, {15us, false}};
    CHECK(signals({.on = false}, edges).empty());
    CHECK(signals({.on = true, .source = TriggerSource::line1}, edges).size() == 1);
    CHECK(signals({.on = true, .source = TriggerSource::any}, edges).size() == 1);
    CHECK(signals({.on = true, .source = TriggerSource::software}, edges).empty());
    CHECK(signals({.on = true, .source = TriggerSource::action0}, edges).empty());
}

TEST_CASE("delay moves a signal by exactly its time, to a tenth of a microsecond") {
    auto settings = armed();
    for (const double delay_us : {0.0, 0.1, 3.7, 1000.0, 999'999.9, 1e6}) {
        settings.delay_us = delay_us;
        const auto expected = 10us + Time(static_cast<std::int64_t>(delay_us * 10 + 0.5) * 100);
        CHECK(signals(settings, {{10us, true}, {11us, false}}) == Times{expected});
    }
}

TEST_CASE("a delay longer than the period holds several signals") {
    auto settings = armed();
    settings.delay_us = 100;
    const std::vector<Edge> edges{{10us, true}, {11us, false}, {20us, true}, {21us, false}, {30us, true}};
    CHECK(signals(settings, edges) == Times{110us, 120us, 130us});
}

TEST_CASE("denoise passes a pulse of just its time and no nanosecond less, when that time is over") {
    auto settings = armed();
    settings.denoise_us = 5;
    CHECK(signals(settings, {{10us, true}, {15us, false}}) == Times{15us});
    CHECK(signals(settings, {{10us, true}, {15us - 1ns, false}}).empty());
    CHECK(signals(settings, {{10us, true}}) == Times{15us});
    // Several glitches do not add up.
    CHECK(signals(settings, {{10us, true}, {14us, false}, {14001ns, true}, {18us, false}}).empty());
}

TEST_CASE("denoise works on the active level, which is low for falling edges") {
    auto settings = armed();
    settings.denoise_us = 5;
    settings.activation = TriggerActivation::falling_edge;
    CHECK(signals(settings, {{10us, true}, {20us, false}, {25us, true}}) == Times{25us});
    CHECK(signals(settings, {{10us, true}, {20us, false}, {25us - 1ns, true}}).empty());
}

TEST_CASE("debounce asks that the line was inactive for just its time and no nanosecond less") {
    auto settings = armed();
    settings.debounce_us = 5;
    CHECK(signals(settings, {{10us, true}, {20us, false}, {25us, true}}) == Times{10us, 25us});
    CHECK(signals(settings, {{10us, true}, {20us, false}, {25us - 1ns, true}}) == Times{10us});
    // Before its first edge the line was inactive for ever.
    CHECK(signals(settings, {{1ns, true}}) == Times{1ns});
}

TEST_CASE("a bouncing contact is one signal, and each bounce begins the wait again") {
    auto settings = armed();
    settings.debounce_us = 5;
    const std::vector<Edge> bouncing{{10us, true},  {11us, false}, {14us, true},  {15us, false}, {19us, true},
                                     {40us, false}, {42us, true},  {43us, false}, {48us, true}};
    CHECK(signals(settings, bouncing) == Times{10us, 48us});
}

TEST_CASE("debounce does not see what denoise has taken away") {
    auto settings = armed();
    settings.denoise_us = 2;
    settings.debounce_us = 50;
    const std::vector<Edge> edges{{10us, true},  {20us, false}, {60us, true},
                                  {61us, false}, {70us, true},  {80us, false}};
    CHECK(signals(settings, edges) == Times{12us, 72us});
    settings.denoise_us =
        1;  // now the pulse at 60 us is one, refused by debounce, and the wait is not over at 70 us
    CHECK(signals(settings, edges) == Times{11us});
}

TEST_CASE("after a signal the input ignores edges for the mask time, not a nanosecond longer") {
    auto settings = armed();
    settings.mask_us = 100;
    const auto two = [](Time second) {
        return std::vector<Edge>{{10us, true}, {11us, false}, {second, true}};
    };
    CHECK(signals(settings, two(110us)) == Times{10us, 110us});
    CHECK(signals(settings, two(110us - 1ns)) == Times{10us});
}

TEST_CASE("a masked pulse does not make the mask longer") {
    auto settings = armed();
    settings.mask_us = 100;
    CHECK(signals(settings, {{10us, true}, {11us, false}, {100us, true}, {101us, false}, {110us, true}}) ==
          Times{10us, 110us});
}

TEST_CASE("what denoise or debounce refuses masks nothing") {
    auto settings = armed();
    settings.mask_us = 100;
    settings.denoise_us = 5;
    CHECK(signals(settings, {{10us, true}, {12us, false}, {20us, true}}) == Times{25us});
}

TEST_CASE("mask counts from the end of denoise, and delay comes after both") {
    auto settings = armed();
    settings.denoise_us = 5;
    settings.mask_us = 100;
    settings.delay_us = 1000;
    const auto two = [](Time second) {
        return std::vector<Edge>{{10us, true}, {30us, false}, {second, true}};
    };
    CHECK(signals(settings, two(110us)) == Times{1015us, 1115us});
    CHECK(signals(settings, two(110us - 1ns)) == Times{1015us});
}

TEST_CASE("falling edges pass the same conditions to the nanosecond, with the line upside down") {
    const auto upside_down = [](std::vector<Edge> edges) {
        for (auto& edge : edges) edge.high = !edge.high;
        edges.insert(edges.begin(), {1ns, true});  // high, and so inactive, for a long time
        return edges;
    };
    const auto two_pulses = [](Time width, Time low, Time second_width) {
        const auto second = 10s + width + low;
        return std::vector<Edge>{
            {10s, true}, {10s + width, false}, {second, true}, {second + second_width, false}};
    };
    struct Row {
        double denoise_us, debounce_us, mask_us;
    };
    for (const auto& [denoise_us, debounce_us, mask_us] :
         {Row{5, 0, 0}, Row{0, 5, 0}, Row{0, 0, 5}, Row{5, 5, 0}, Row{5, 0, 20}, Row{0, 5, 20},
          Row{5, 5, 20}}) {
        auto settings = armed();
        settings.denoise_us = denoise_us;
        settings.debounce_us = debounce_us;
        settings.mask_us = mask_us;
        settings.delay_us = 3.1;
        for (const auto width : {Time(1us), Time(5us - 1ns), Time(5us)}) {
            for (const auto low : {Time(5us - 1ns), Time(5us), Time(15us - 1ns), Time(15us), Time(19us)}) {
                for (const auto second_width : {Time(5us - 1ns), Time(5us)}) {
                    const auto edges = two_pulses(width, low, second_width);
                    settings.activation = TriggerActivation::rising_edge;
                    const auto rising = signals(settings, edges);
                    settings.activation = TriggerActivation::falling_edge;
                    REQUIRE(signals(settings, upside_down(edges)) == rising);
                    // What the manual says of two pulses, in so many words.
                    Times expected;
                    const auto us = [](double time) { return time_from_us(time); };
                    const bool first = width >= us(denoise_us);
                    const bool second = second_width >= us(denoise_us) &&
                                        (!first || low >= us(debounce_us)) &&
                                        (!first || width + low >= us(mask_us));
                    if (first) expected.push_back(10s + us(denoise_us + 3.1));
                    if (second) expected.push_back(10s + width + low + us(denoise_us + 3.1));
                    REQUIRE(rising == expected);
                }
            }
        }
    }
}

TEST_CASE("settings count as they are when a pulse begins") {
    TriggerInput input;
    auto settings = armed();
    settings.denoise_us = 5;
    input.on_edge(true, settings, 10us);
    CHECK(input.deadline() == 15us);
    settings.denoise_us = 50;
    CHECK(input.deadline() == 15us);
    CHECK(input.expire(15us).size() == 1);
    input.on_edge(false, settings, 20us);
    input.on_edge(true, settings, 100us);
    CHECK(input.deadline() == 150us);
}

TEST_CASE("a change of polarity is no edge, and the line has been inactive since it came to its level") {
    TriggerInput input;
    auto settings = armed();
    settings.debounce_us = 30;
    input.on_edge(true, settings, 10us);
    CHECK(input.expire(10us).size() == 1);
    settings.activation = TriggerActivation::falling_edge;
    CHECK(!input.deadline());
    SUBCASE("long enough") {
        input.on_edge(false, settings, 40us);
        CHECK(input.expire(40us).size() == 1);
    }
    SUBCASE("a nanosecond too short") {
        input.on_edge(false, settings, 40us - 1ns);
        CHECK(input.expire(40us).empty());
    }
}

TEST_CASE("a delay that is shortened lets a later signal overtake") {
    TriggerInput input;
    auto settings = armed();
    settings.delay_us = 100;
    input.on_edge(true, settings, 0us);
    CHECK(input.expire(0us).empty());
    settings.delay_us = 10;
    input.on_action(settings, 20us);
    CHECK(input.deadline() == 30us);
    CHECK(input.expire(30us) == Signals{{30us, TriggerSource::action0}});
    CHECK(input.expire(100us) == Signals{{100us, TriggerSource::line1}});
    CHECK(!input.deadline());
}

TEST_CASE("a signal is lost at once while as many as may are within their delay") {
    TriggerInput input;
    auto settings = armed();
    settings.delay_us = 1e6;
    const auto most = static_cast<std::int64_t>(TriggerInput::kDelayedMost);
    for (std::int64_t i = 0; i < most; ++i) input.on_action(settings, i * 1us);
    CHECK(input.deadline() == 1s);
    input.on_action(settings, 500ms);
    CHECK(input.expire(500ms) == Signals{{500ms, TriggerSource::action0, true}});
    input.on_edge(true, settings, 600ms);
    CHECK(input.expire(600ms) == Signals{{600ms, TriggerSource::line1, true}});
    // Once the first has passed there is room for another.
    CHECK(input.expire(1s) == Signals{{1s, TriggerSource::action0}});
    input.on_action(settings, 1s);
    const auto others = input.expire(2s);
    CHECK(others.size() == static_cast<std::size_t>(most));
    CHECK(std::ranges::none_of(others, &TriggerInput::Signal::lost));
}

TEST_CASE("a discarded pulse is no signal, but the line keeps its past") {
    TriggerInput input;
    auto settings = armed();
    settings.mask_us = 1000;
    settings.delay_us = 50;
    settings.debounce_us = 30;
    input.on_edge(true, settings, 10us);
    CHECK(input.expire(10us).empty());
    input.on_edge(false, settings, 20us);
    input.forget();
    CHECK(!input.deadline());
    SUBCASE("the mask is gone") {
        input.on_edge(true, settings, 50us);
        CHECK(input.expire(50us).empty());
        CHECK(input.deadline() == 100us);
    }
    SUBCASE("the wait of debounce is not") {
        input.on_edge(true, settings, 50us - 1ns);
        CHECK(input.expire(50us).empty());
        CHECK(!input.deadline());
    }
}

TEST_CASE("low-latency mode forces overlap off") {
    CHECK(overlap({}) == TriggerOverlap::read_out);
    CHECK(overlap({.low_latency = true}) == TriggerOverlap::off);
    CHECK(overlap({.overlap = TriggerOverlap::off}) == TriggerOverlap::off);
}
