#include "tests/support/ptp_network.h"

namespace support {

using namespace protocol::ptp;

PtpClock& PtpNetwork::add(std::uint64_t identity, double drift_ppm, Time offset) {
    auto& clock = clocks_.emplace_back(
        identity, emulator::sim::OscillatorSettings{.offset = offset, .drift_ppm = drift_ppm});
    enable(clock);
    return clock;
}

void PtpNetwork::enable(PtpClock& clock) {
    clock.port.enable(clock.oscillator.at(scheduler.now()));
    arm(clock);
}

void PtpNetwork::disable(PtpClock& clock) { act(clock, clock.port.disable()); }

bool PtpNetwork::run_until(const PtpClock& clock, State state, Time patience) {
    const auto end = scheduler.now() + patience;
    while (clock.port.state() != state && scheduler.now() < end) run_for(Time(10'000'000));
    return clock.port.state() == state;
}

void PtpNetwork::act(PtpClock& clock, const Actions& actions) {
    const auto now = clock.oscillator.at(scheduler.now());
    for (const auto& action : actions) {
        if (const auto* correction = std::get_if<Correction>(&action)) {
            if (correction->step != Time::zero()) ++clock.steps;
            clock.clock.step(now, correction->step);
            clock.clock.steer(now, correction->rate_ppb);
        } else {
            send(clock, std::get<Send>(action));
        }
    }
    arm(clock);
}

void PtpNetwork::send(PtpClock& from, const Send& send) {
    from.said.push_back(send.datagram);
    overheard(send.datagram);
    for (auto& to : clocks_) {
        const bool own = &to == &from;  // The network brings back what one says.
        if (!own && (!from.connected || !to.connected)) continue;
        const auto copies = way.doubled_one_in && dice_.one_in(way.doubled_one_in) ? 2 : 1;
        for (int copy = 0; copy < copies; ++copy) {
            if (way.lost_one_in && dice_.one_in(way.lost_one_in)) continue;
            auto delay = way.delay + Time(dice_.below(static_cast<std::uint64_t>(way.jitter.count()) + 1));
            if (way.late_one_in && dice_.one_in(way.late_one_in)) delay += way.late;
            scheduler.after(delay, [this, &to, datagram = send.datagram] { deliver(to, datagram); });
        }
    }
    if (!send.ticket) return;
    // The stamp is of this moment; it becomes known later, after the answer sometimes.
    const auto left = from.oscillator.at(scheduler.now());
    scheduler.after(Time(dice_.below(10'000)), [this, &from, left, ticket = *send.ticket] {
        act(from, from.port.sent(ticket, from.clock.at(left)));
    });
}

void PtpNetwork::deliver(PtpClock& to, const protocol::Bytes& datagram) {
    const auto now = to.oscillator.at(scheduler.now());
    std::optional<Timestamp> received;
    if (is_event_datagram(datagram)) received = to.clock.at(now);
    act(to, to.port.handle(datagram, received, now));
}

void PtpNetwork::inject(protocol::ByteView datagram) {
    for (auto& clock : clocks_) deliver(clock, {datagram.begin(), datagram.end()});
}

void PtpNetwork::arm(PtpClock& clock) {
    if (clock.armed) scheduler.cancel(*clock.armed);
    clock.armed.reset();
    const auto due = clock.port.deadline();
    if (!due) return;
    clock.armed = scheduler.at(clock.oscillator.host_at(*due), [this, &clock] {
        clock.armed.reset();
        act(clock, clock.port.expire(clock.oscillator.at(scheduler.now())));
    });
}

}  // namespace support
