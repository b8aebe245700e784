#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <tuple>

#include "protocol/ptp/port.h"
#include "protocol/time.h"
#include "tests/support/wire.h"

/// One port and what the test says to it, byte by byte.
namespace port_fixture {

using namespace protocol::ptp;
using namespace std::chrono_literals;
using protocol::Bytes;
using protocol::Time;
using protocol::Timestamp;

constexpr std::uint64_t kOwn = 0x0007'48FF'FE00'0009, kMaster = 0x0007'48FF'FE00'0001;
constexpr PortIdentity kMasterPort{.clock = kMaster, .port = 1};

struct Bench {
    Port port{kOwn};
    Time now{}, clock_ahead{};
    std::uint16_t announces = 0, syncs = 0;
    std::vector<Message> heard{};  // what the port has sent
    std::vector<Correction> corrections{};

    Bench() { port.enable(now); }

    void take(const Actions& actions) {
        for (const auto& action : actions) {
            if (const auto* correction = std::get_if<Correction>(&action)) {
                corrections.push_back(*correction);
                clock_ahead += correction->step;
            }
            if (const auto* send = std::get_if<Send>(&action)) heard.push_back(*parse(send->datagram));
        }
    }
    void say(const Message& message, Timestamp received = {}) {
        const auto stamp = is_event(message.type) ? std::optional(received) : std::nullopt;
        take(port.handle(encode(message), stamp, now));
    }
    void run_for(Time time) {
        const auto end = now + time;
        while (port.deadline() && *port.deadline() <= end) {
            now = *port.deadline();
            take(port.expire(now));
        }
        now = end;
    }
    [[nodiscard]] Message from_master(Type type, std::uint16_t sequence, Time time = {}) const {
        Message message;
        message.type = type;
        message.source = kMasterPort;
        message.sequence = sequence;
        message.time = Timestamp(time);
        return message;
    }
    [[nodiscard]] Message announcement() {
        auto message = from_master(Type::announce, announces++);
        message.log_interval = 1;
        message.master = {.priority1 = 100, .grandmaster = kMaster, .sender = kMasterPort};
        return message;
    }
    [[nodiscard]] Timestamp reading() const { return Timestamp(now + clock_ahead); }
    void announce() { say(announcement()); }
    /// A Sync of a master whose clock is the oscillator, or ahead of it, and the answer to the request that
    /// follows it.
    void sync(Time ahead = {}) {
        say(from_master(Type::sync, syncs++, now + ahead), reading());
        answer(ahead);
    }
    void answer(Time ahead) {
        if (heard.empty() || heard.back().type != Type::delay_request) return;
        const auto request = heard.back();
        take(port.sent({.type = Type::delay_request, .sequence = request.sequence}, reading()));
        auto response = from_master(Type::delay_response, request.sequence, now + ahead);
        response.requester = request.source;
        say(response);
    }
    void make_slave() {
        for (int i = 0; i < 4; ++i) {
            announce();
            now += 1s;
            sync();
            now += 1s;
            sync();
        }
        REQUIRE(port.state() == State::slave);
        heard.clear();
        corrections.clear();
    }
    [[nodiscard]] int count(Type type) const {
        return static_cast<int>(std::ranges::count(heard, type, &Message::type));
    }
};

}  // namespace port_fixture
