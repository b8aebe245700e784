#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>

#include "emulator/sim/oscillator.h"
#include "emulator/sim/scheduler.h"
#include "protocol/clock.h"
#include "protocol/ptp/port.h"
#include "protocol/time.h"
#include "tests/support/wire.h"

namespace support {

using protocol::Time;
using protocol::Timestamp;

/// What the network does to each datagram on its way to each of its receivers.
struct PtpWay {
    Time delay{2'000};   // of every datagram, in true time
    Time jitter{1'000};  // up to so much more, each way by itself
    std::uint64_t lost_one_in = 0, doubled_one_in = 0, late_one_in = 0;  // 0: none
    Time late{5'000'000};  // what a late one has to wait; it is overtaken
};

/// A clock with a port in a pretended network.
struct PtpClock {
    explicit PtpClock(std::uint64_t identity, const emulator::sim::OscillatorSettings& oscillator)
        : port(identity), oscillator(oscillator), clock(Timestamp(oscillator.offset)) {}

    protocol::ptp::Port port;
    emulator::sim::Oscillator oscillator;
    protocol::Clock clock;
    bool connected = true;
    int steps = 0;                      // of its clock
    std::vector<protocol::Bytes> said;  // all that it sent
    std::optional<emulator::sim::Scheduler::Ticket> armed;
};

/// PTP ports on one network, in virtual time. The scheduler has the true time, which is hidden from them.
class PtpNetwork {
  public:
    explicit PtpNetwork(std::uint64_t seed = 1, const PtpWay& way = {}) : way(way), dice_(seed) {}

    PtpClock& add(std::uint64_t identity, double drift_ppm = 0, Time offset = {});
    void run_for(Time time) { scheduler.run_until(scheduler.now() + time); }
    /// Runs until the port has this state; false if that takes longer than `patience`.
    bool run_until(const PtpClock&, protocol::ptp::State, Time patience);
    /// What a clock reads at this moment.
    [[nodiscard]] Timestamp reads(const PtpClock& clock) const {
        return clock.clock.at(clock.oscillator.at(scheduler.now()));
    }
    /// How much one clock is ahead of another.
    [[nodiscard]] Time between(const PtpClock& one, const PtpClock& other) const {
        return reads(one) - reads(other);
    }
    /// A datagram out of nowhere, which all clocks hear.
    void inject(protocol::ByteView datagram);
    void enable(PtpClock&);
    void disable(PtpClock&);

    PtpWay way;
    emulator::sim::Scheduler scheduler;
    /// Who else hears what a clock sends.
    std::function<void(const protocol::Bytes&)> overheard = [](const auto&) {};

  private:
    void act(PtpClock&, const protocol::ptp::Actions&);
    void send(PtpClock&, const protocol::ptp::Send&);
    void deliver(PtpClock& to, const protocol::Bytes&);
    void arm(PtpClock&);

    Dice dice_;
    std::deque<PtpClock> clocks_;
};

}  // namespace support
