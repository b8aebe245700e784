#include "tests/protocol/ptp/port_fixture.h"

#include <doctest/doctest.h>

using namespace port_fixture;
using support::from_hex;
using support::operator+;
using support::to_hex;

// The state machine of IEEE 1588: which messages make it a master or a slave, and what it says.

TEST_CASE("ptp port: it is disabled until it is enabled, and then listens") {
    Port port(kOwn);
    CHECK(port.state() == State::disabled);
    CHECK_FALSE(port.deadline());
    port.enable(5s);
    CHECK(port.state() == State::listening);
    CHECK(*port.deadline() >= 11s);
    CHECK(*port.deadline() <= 13s);
}

TEST_CASE("ptp port: a master announces every two seconds and synchronises every second") {
    Bench bench;
    bench.run_for(8s);
    REQUIRE(bench.port.state() == State::master);
    bench.heard.clear();
    bench.run_for(100s);
    CHECK(bench.count(Type::announce) == 50);
    CHECK(bench.count(Type::sync) == 100);
    CHECK(bench.count(Type::delay_request) == 0);
    std::uint16_t announces = 0, syncs = 0;
    for (const auto& message : bench.heard) {
        auto& last = message.type == Type::sync ? syncs : announces;
        if (last) CHECK(message.sequence == static_cast<std::uint16_t>(last + 1));
        last = message.sequence;
        CHECK(message.source == PortIdentity{kOwn, 1});
        CHECK(message.flags == (message.type == Type::sync ? kTwoStep : 0));
        CHECK(message.log_interval == (message.type == Type::sync ? 0 : 1));
    }
}

TEST_CASE("ptp port: on a host that stalls a master skips the messages it missed") {
    Bench bench;
    bench.run_for(8s);
    bench.heard.clear();
    bench.now += 60s;
    bench.take(bench.port.expire(bench.now));
    CHECK(bench.heard.size() == 2);
    CHECK(*bench.port.deadline() > bench.now);
}

TEST_CASE("ptp port: a camera announces itself as an ordinary clock without reference") {
    Bench bench;
    bench.run_for(8s);
    const auto announce = *std::ranges::find(bench.heard, Type::announce, &Message::type);
    const DataSet usual{.priority1 = 128,
                        .clock_class = 248,
                        .accuracy = 0xFE,
                        .variance = 0xFFFF,
                        .priority2 = 128,
                        .grandmaster = kOwn,
                        .steps_removed = 0,
                        .sender = {.clock = kOwn, .port = 1}};
    CHECK(announce.master == usual);
    CHECK(announce.domain == 0);
}

TEST_CASE("ptp port: when its Sync has left, a master says when that was") {
    Bench bench;
    bench.run_for(8s);
    bench.take(bench.port.sent({.type = Type::sync, .sequence = 77}, Timestamp(5s + 123ns)));
    const auto& follow_up = bench.heard.back();
    CHECK(follow_up.type == Type::follow_up);
    CHECK(follow_up.sequence == 77);
    CHECK(follow_up.time == Timestamp(5s + 123ns));
    CHECK(follow_up.source == PortIdentity{kOwn, 1});
}

TEST_CASE(
    "ptp port: a master answers who asks, with their number, their correction and the time they were heard") {
    Bench bench;
    auto request = bench.from_master(Type::delay_request, 4711);
    request.scaled_correction = 0x1'2345;
    bench.say(request, Timestamp(99s));
    CHECK(bench.heard.empty());  // It is no master yet.
    bench.run_for(8s);
    bench.say(request, Timestamp(99s + 5ns));
    const auto& response = bench.heard.back();
    CHECK(response.type == Type::delay_response);
    CHECK(response.sequence == 4711);
    CHECK(response.requester == kMasterPort);
    CHECK(response.time == Timestamp(99s + 5ns));
    CHECK(response.scaled_correction == 0x1'2345);
    CHECK(response.log_interval == 0);
    bench.heard.clear();
    bench.say(request, Timestamp(-1ns));  // There is no way to say that.
    CHECK(bench.heard.empty());
}

TEST_CASE("ptp port: two announcements of a better clock make it uncalibrated, three Syncs a slave") {
    Bench bench;
    bench.announce();
    CHECK(bench.port.state() == State::listening);
    bench.now += 2s;
    bench.announce();
    CHECK(bench.port.state() == State::uncalibrated);
    CHECK(bench.port.parent() == kMasterPort);
    CHECK(bench.port.grandmaster() == kMaster);
    for (int i = 0; i < 3; ++i) {
        CHECK(bench.port.state() == State::uncalibrated);
        bench.now += 1s;
        bench.sync();
    }
    CHECK(bench.port.state() == State::slave);
    CHECK(bench.count(Type::delay_request) >= 2);
    CHECK(bench.corrections.size() == 3);
}

TEST_CASE("ptp port: a worse clock is not followed, and it ends the waiting") {
    Bench bench;
    for (int i = 0; i < 2; ++i) {
        auto worse = bench.announcement();
        worse.master.priority1 = 200;
        bench.say(worse);
        bench.now += 1s;
    }
    CHECK(bench.port.state() == State::master);
}

TEST_CASE("ptp port: three announcements may stay away, not more") {
    Bench bench;
    bench.make_slave();  // The last announcement was two seconds ago.
    bench.run_for(3900ms);
    CHECK(bench.port.state() == State::slave);
    bench.run_for(2200ms);
    CHECK(bench.port.state() == State::master);
    CHECK(bench.port.grandmaster() == kOwn);
    CHECK(bench.corrections.back().step == 0ns);
}

TEST_CASE("ptp port: a master that becomes worse than oneself is left at once") {
    Bench bench;
    bench.make_slave();
    auto worse = bench.announcement();
    worse.master.priority1 = 200;
    bench.say(worse);
    CHECK(bench.port.state() == State::master);
}

TEST_CASE("ptp port: another grandmaster behind the same master does not disturb") {
    Bench bench;
    bench.make_slave();
    auto other = bench.announcement();
    other.master.grandmaster = 3;
    other.master.steps_removed = 1;
    bench.say(other);
    CHECK(bench.port.state() == State::slave);
    CHECK(bench.port.grandmaster() == 3);
}

TEST_CASE("ptp port: what is not meant for it is ignored") {
    const std::vector<std::function<void(Message&)>> disguises{
        [](Message& m) { m.domain = 1; },
        [](Message& m) { m.flags |= kAlternateMaster; },
        [](Message& m) { m.flags |= kUnicast; },
        [](Message& m) { m.source = {.clock = kOwn, .port = 1}; },
        [](Message& m) { m.source = {.clock = kOwn, .port = 9}; },
        [](Message& m) { m.scaled_correction = std::int64_t{2'000'000'000} << 16; },
        [](Message& m) { m.scaled_correction = std::numeric_limits<std::int64_t>::min(); },
    };
    for (std::size_t which = 0; which < disguises.size(); ++which) {
        CAPTURE(which);
        Bench listener;
        for (int i = 0; i < 4; ++i) {
            auto announce = listener.announcement();
            disguises[which](announce);
            listener.say(announce);
            listener.now += 1s;
        }
        CHECK(listener.port.state() == State::listening);

        Bench slave;
        slave.make_slave();
        auto sync = slave.from_master(Type::sync, 500, slave.now - 300ms);
        disguises[which](sync);
        slave.say(sync, Timestamp(slave.now));
        CHECK(slave.corrections.empty());

        Bench master;
        master.run_for(8s);
        master.heard.clear();
        auto request = master.from_master(Type::delay_request, 1);
        disguises[which](request);
        master.say(request, Timestamp(1s));
        CHECK(master.heard.empty());
    }
}

TEST_CASE("ptp port: only its master gives it the time, and only answers to its own questions count") {
    Bench bench;
    bench.make_slave();
    for (const PortIdentity source : {PortIdentity{kMaster, 2}, PortIdentity{kMaster + 1, 1}}) {
        auto sync = bench.from_master(Type::sync, 500, bench.now - 1s);
        sync.source = source;
        bench.say(sync, Timestamp(bench.now));
        CHECK(bench.corrections.empty());
    }
    const auto delay = bench.port.path_delay();
    bench.run_for(3s);
    REQUIRE(bench.count(Type::delay_request) > 0);
    const auto request = bench.heard.back();
    bench.take(
        bench.port.sent({.type = Type::delay_request, .sequence = request.sequence}, Timestamp(bench.now)));
    for (int i = 0; i < 20; ++i) {
        auto response = bench.from_master(Type::delay_response, request.sequence, bench.now + 100ms);
        response.requester = request.source;
        if (i % 3 == 0) response.requester.port = 2;
        if (i % 3 == 1) response.requester.clock = kMaster;
        if (i % 3 == 2) response.source.port = 7;
        bench.say(response);
    }
    CHECK(bench.port.path_delay() == delay);
}

TEST_CASE("ptp port: a path too long to be announced, 255 clocks, is not taken") {
    Bench bench;
    for (int i = 0; i < 4; ++i) {
        auto far = bench.announcement();
        far.master.steps_removed = 255;
        bench.say(far);
        bench.now += 1s;
    }
    CHECK(bench.port.state() == State::listening);
}

TEST_CASE(
    "ptp port: it asks as often as its master lets it, at no fixed times, and not more than 16 times a "
    "second") {
    for (const auto& row : {std::tuple{0, 60, 140}, {-2, 300, 500}, {-128, 1200, 2000}, {3, 5, 25}}) {
        const auto& [log, least, most] = row;
        Bench bench;
        bench.make_slave();
        auto response = bench.from_master(Type::delay_response, 999, bench.now);
        response.requester = {.clock = kOwn, .port = 1};
        response.log_interval = static_cast<std::int8_t>(log);
        bench.say(response);
        for (int i = 0; i < 50; ++i) {
            bench.announce();
            bench.run_for(2s);
        }
        CAPTURE(std::get<0>(row));
        CHECK(bench.count(Type::delay_request) >= least);
        CHECK(bench.count(Type::delay_request) <= most);
    }
}

TEST_CASE(
    "ptp port: when a master stops to synchronise, the clock goes on and sends no more requests than "
    "before") {
    Bench bench;
    bench.make_slave();
    for (int i = 0; i < 50; ++i) {
        bench.announce();
        bench.run_for(2s);
    }
    CHECK(bench.port.state() == State::slave);
    CHECK(bench.corrections.empty());
    CHECK(bench.count(Type::delay_request) < 140);
}

TEST_CASE("ptp port: a master that was set is noticed, and followed when it stays there") {
    Bench bench;
    bench.make_slave();
    bool was_uncalibrated = false;
    for (int i = 0; i < 12; ++i) {
        bench.announce();
        bench.now += 1s;
        bench.sync(10s);
        was_uncalibrated = was_uncalibrated || bench.port.state() == State::uncalibrated;
    }
    CHECK(was_uncalibrated);
    CHECK(bench.port.state() == State::slave);
}

TEST_CASE("ptp port: disabled it discards its foreign masters, and sends and accepts nothing") {
    Bench bench;
    bench.make_slave();
    bench.take(bench.port.disable());
    CHECK(bench.port.state() == State::disabled);
    CHECK_FALSE(bench.port.deadline());
    for (int i = 0; i < 3; ++i) bench.announce();
    bench.sync();
    CHECK(bench.heard.empty());
    CHECK(bench.port.state() == State::disabled);
    bench.port.enable(bench.now);
    CHECK(bench.port.state() == State::listening);
    bench.announce();
    CHECK(bench.port.state() == State::listening);
}

TEST_CASE("ptp port: a message counts only at the port of its kind") {
    const auto stamp = std::optional(Timestamp(1s));
    SUBCASE("a Sync at the general port does not set the clock") {
        Bench bench;
        bench.announce();
        bench.now += 2s;
        bench.announce();
        REQUIRE(bench.port.state() == State::uncalibrated);
        for (std::uint16_t i = 0; i < 10; ++i) {
            const auto sync = encode(bench.from_master(Type::sync, i, 868s));
            bench.take(bench.port.handle(sync, std::nullopt, bench.now));
            bench.now += 1s;
        }
        CHECK(bench.clock_ahead == Time{});
        CHECK(bench.port.state() == State::uncalibrated);
    }
    SUBCASE("a Delay_Req at the general port is not answered") {
        Bench bench;
        bench.run_for(8s);
        bench.heard.clear();
        const auto request = encode(bench.from_master(Type::delay_request, 1));
        bench.take(bench.port.handle(request, std::nullopt, bench.now));
        CHECK(bench.heard.empty());
        bench.take(bench.port.handle(request, stamp, bench.now));
        CHECK(bench.heard.size() == 1);
    }
    SUBCASE("an Announce at the event port is not believed") {
        Bench bench;
        auto announce = bench.from_master(Type::announce, 1);
        announce.master = {.priority1 = 1, .grandmaster = kMaster, .sender = kMasterPort};
        for (int i = 0; i < 3; ++i) {
            ++announce.sequence;
            bench.take(bench.port.handle(encode(announce), stamp, bench.now));
            bench.now += 1s;
        }
        CHECK(bench.port.state() == State::listening);
    }
}
