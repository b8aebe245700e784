#include <doctest/doctest.h>

#include <algorithm>

#include "protocol/time.h"
#include "tests/support/ptp_network.h"

using namespace protocol::ptp;
using namespace std::chrono_literals;
using protocol::Time;
using support::operator+;
using support::PtpClock;
using support::PtpNetwork;
using support::PtpWay;

// Clocks that hear each other over a network with its faults: which of them leads, and how closely the others
// follow.

namespace {

/// Half of and nine tenths of the absolute offsets, looked at ten times a second.
struct Closeness {
    Time p50, p90, most;
};
Closeness closeness(PtpNetwork& network, const PtpClock& slave, const PtpClock& master, int seconds) {
    std::vector<Time> offsets;
    for (int i = 0; i < 10 * seconds; ++i) {
        network.run_for(100ms);
        offsets.push_back(std::chrono::abs(network.between(slave, master)));
    }
    std::ranges::sort(offsets);
    return {offsets[offsets.size() / 2], offsets[offsets.size() * 9 / 10], offsets.back()};
}

/// A grandmaster of high clock class, as by GPS.
protocol::Bytes grandmaster_announcement(std::uint64_t clock, std::uint16_t sequence) {
    Message announce;
    announce.type = Type::announce;
    announce.source = {.clock = clock, .port = 1};
    announce.sequence = sequence;
    announce.log_interval = 1;
    announce.master = {.clock_class = 6, .accuracy = 0x21, .grandmaster = clock, .sender = announce.source};
    return encode(announce);
}

}  // namespace

TEST_CASE("ptp network: a clock alone waits for three announcements that do not come, and masters itself") {
    PtpNetwork network;
    auto& alone = network.add(7);
    CHECK(alone.port.state() == State::listening);
    network.run_for(5900ms);
    CHECK(alone.port.state() == State::listening);
    CHECK(alone.said.empty());
    network.run_for(2100ms);
    CHECK(alone.port.state() == State::master);
    CHECK(alone.port.grandmaster() == 7);
    CHECK(alone.steps == 0);
}

TEST_CASE("ptp network: of three alike the one with the lowest identity leads, and the others follow it") {
    PtpNetwork network;
    auto& third = network.add(30, 20, 5s);
    auto& first = network.add(10, -50, 900s);
    auto& second = network.add(20, 50);
    network.run_for(30s);
    CHECK(first.port.state() == State::master);
    CHECK(first.steps == 0);
    for (const auto* slave : {&second, &third}) {
        CHECK(slave->port.state() == State::slave);
        CHECK(slave->port.grandmaster() == 10);
        const auto close = closeness(network, *slave, first, 60);
        CHECK(close.p50 < 1us);
        CHECK(close.p90 < 2us);
    }
}

TEST_CASE("ptp network: with 50 ppm a clock is in step ten seconds after its master began, and stays close") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        PtpNetwork network(seed);
        auto& master = network.add(1, 0, Time(1'700'000'000s));
        REQUIRE(network.run_until(master, State::master, 10s));
        network.run_for(Time(seed * 371ms));
        auto& slave = network.add(2, 50);
        CAPTURE(seed);
        CHECK(network.run_until(slave, State::slave, 10s));
        CHECK(std::chrono::abs(network.between(slave, master)) < 5us);
        const auto close = closeness(network, slave, master, 60);
        CHECK(close.p50 < 1us);
        CHECK(close.p90 < 2us);
        CHECK(close.most < 5us);
        CHECK(slave.steps <= 2);
    }
}

TEST_CASE("ptp network: the longer way there does not matter, as long as it is as long both ways") {
    PtpNetwork network(1, {.delay = 3ms, .jitter = 1us});
    auto& master = network.add(1, 0, 100s);
    network.run_until(master, State::master, 10s);
    auto& slave = network.add(2, 50);
    REQUIRE(network.run_until(slave, State::slave, 12s));
    network.run_for(10s);
    CHECK(slave.port.path_delay() > 2999us);
    CHECK(slave.port.path_delay() < 3002us);
    CHECK(closeness(network, slave, master, 60).p90 < 2us);
}

TEST_CASE("ptp network: lost, doubled, late and reordered messages are tolerated") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        PtpNetwork network(
            seed, {.delay = 10us, .jitter = 5us, .lost_one_in = 5, .doubled_one_in = 5, .late_one_in = 10});
        auto& first = network.add(1, -30, 77s);
        auto& second = network.add(2, 50);
        auto& third = network.add(3, 10);
        CAPTURE(seed);
        network.run_for(60s);
        CHECK(first.port.state() == State::master);
        for (const auto* slave : {&second, &third}) {
            const auto close = closeness(network, *slave, first, 120);
            CHECK(close.p50 < 20us);
            CHECK(close.most < 2 * network.way.late);
        }
    }
}

TEST_CASE("ptp network: the best of two masters is followed, and another when it goes") {
    PtpNetwork network;
    auto& good = network.add(1, 0, 5000s);
    auto& fair = network.add(2, 0, 70s);
    auto& slave = network.add(3, 50);
    network.run_for(30s);
    CHECK(slave.port.grandmaster() == 1);
    CHECK(closeness(network, slave, good, 10).p90 < 2us);

    good.connected = false;
    network.run_for(3900ms);
    CHECK(slave.port.grandmaster() == 1);  // Three announcements may be missed.
    network.run_for(25s);
    CHECK(fair.port.state() == State::master);
    CHECK(slave.port.state() == State::slave);
    CHECK(slave.port.grandmaster() == 2);
    // The time did not change: the new master had it from the old one.
    CHECK(std::chrono::abs(network.between(slave, good)) < 100us);

    good.connected = true;
    CHECK(network.run_until(slave, State::uncalibrated, 6s));
    network.run_for(20s);
    CHECK(slave.port.state() == State::slave);
    CHECK(slave.port.grandmaster() == 1);
    CHECK(fair.port.state() == State::slave);
    CHECK(closeness(network, slave, good, 10).p90 < 2us);
}

TEST_CASE("ptp network: a better master that comes later is taken, whatever its time") {
    PtpNetwork network;
    auto& old_master = network.add(50, 10, 1'000'000s);
    auto& slave = network.add(60, 50);
    network.run_for(30s);
    CHECK(slave.port.grandmaster() == 50);
    auto& better = network.add(5, 0, 3s);
    network.run_for(25s);
    CHECK(better.port.state() == State::master);
    for (const auto* follower : {&slave, &old_master}) {
        CHECK(follower->port.grandmaster() == 5);
        CHECK(closeness(network, *follower, better, 10).p90 < 2us);
    }
}

TEST_CASE(
    "ptp network: without its master a clock leads itself at the learned rate, and is in step again soon") {
    PtpNetwork network;
    auto& master = network.add(1, 0, 5000s);
    auto& slave = network.add(2, 50);
    network.run_for(60s);
    master.connected = false;
    network.run_for(30s);
    CHECK(slave.port.state() == State::master);
    network.run_for(70s);
    // 100 s at 50 ppm would be 5 ms.
    CHECK(std::chrono::abs(network.between(slave, master)) < 50us);
    const auto steps = slave.steps;
    master.connected = true;
    CHECK(network.run_until(slave, State::slave, 10s));
    network.run_for(10s);
    CHECK(slave.steps <= steps + 1);
    CHECK(closeness(network, slave, master, 20).p90 < 2us);
}

TEST_CASE("ptp network: a disabled port sends nothing, ignores all messages, and keeps its rate") {
    PtpNetwork network;
    auto& master = network.add(1, 0, 5000s);
    auto& slave = network.add(2, 50);
    network.run_for(60s);
    network.disable(slave);
    CHECK(slave.port.state() == State::disabled);
    CHECK_FALSE(slave.port.deadline());
    const auto said = slave.said.size();
    network.run_for(60s);
    CHECK(slave.said.size() == said);
    CHECK(std::chrono::abs(network.between(slave, master)) < 30us);
    network.enable(slave);
    CHECK(slave.port.state() == State::listening);
    CHECK(network.run_until(slave, State::slave, 10s));
}

TEST_CASE(
    "ptp network: what is announced but never synchronised gives no time; the clock stays uncalibrated") {
    PtpNetwork network;
    auto& clock = network.add(2, 50);
    for (std::uint16_t turn = 0; turn < 10; ++turn) {
        network.inject(grandmaster_announcement(1, turn));
        network.run_for(2s);
    }
    CHECK(clock.port.state() == State::uncalibrated);
    CHECK(clock.port.grandmaster() == 1);
    CHECK(clock.steps == 0);
    network.run_for(10s);
    CHECK(clock.port.state() == State::master);
}

TEST_CASE("ptp network: floods of noise, of damaged and of replayed messages neither stop nor move a clock") {
    PtpNetwork network;
    auto& master = network.add(1, 0, 5000s);
    auto& slave = network.add(2, 50);
    network.run_for(30s);
    support::Dice dice(9);
    const auto steps = slave.steps;
    for (int i = 0; i < 20'000; ++i) {
        const auto& heard = dice.one_in(2) ? master.said : slave.said;
        auto datagram = heard[dice.below(heard.size())];
        // A source that is damaged is another's; what bears a true source is only replayed.
        const auto damage = 20 + dice.below(10);
        datagram[damage] = static_cast<std::uint8_t>(datagram[damage] ^ (1 + dice.below(255)));
        if (dice.one_in(2)) datagram[dice.below(20)] = static_cast<std::uint8_t>(dice.next());
        if (dice.one_in(3)) datagram.resize(dice.below(datagram.size()));
        if (dice.one_in(3)) datagram = support::be64(dice.next()) + support::be64(dice.next());
        network.inject(datagram);
        network.run_for(1ms);
    }
    CHECK(slave.port.state() == State::slave);
    CHECK(slave.port.grandmaster() == 1);
    CHECK(slave.steps == steps);
    CHECK(closeness(network, slave, master, 20).p90 < 2us);
}

TEST_CASE("ptp network: the same seeds give the same times, to the nanosecond") {
    const auto run = [] {
        PtpNetwork network(4, {.lost_one_in = 10});
        auto& master = network.add(1, 3, 5000s);
        auto& slave = network.add(2, 50);
        network.run_for(100s);
        return std::pair(network.reads(master), network.reads(slave));
    };
    CHECK(run() == run());
}
