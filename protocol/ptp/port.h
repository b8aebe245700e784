#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "protocol/ptp/foreign_masters.h"
#include "protocol/ptp/measurement.h"
#include "protocol/ptp/servo.h"
#include "protocol/ptp/state.h"

namespace protocol::ptp {

/// Identifies a sent message.
struct Ticket {
    Type type = Type::sync;
    std::uint16_t sequence = 0;
};
/// A message for the multicast group. One with a ticket goes to the event port, and `sent` reports its time
/// stamp.
struct Send {
    Bytes datagram;
    std::optional<Ticket> ticket;
};
using Action = std::variant<Send, Correction>;
using Actions = std::vector<Action>;

/// An ordinary clock's one port (IEEE 1588-2008, 9): multicast, domain 0, end to end. As master it is
/// two-step; as slave it follows one-step and two-step masters.
///
/// `now` is the oscillator's time, which is never steered; stamps are times of the camera's clock. Messages
/// of other domains, versions and kinds are ignored, and so are our own, which the network may bring back.
class Port {
  public:
    static constexpr Time kAnnounceInterval = std::chrono::seconds(2);
    static constexpr Time kSyncInterval = std::chrono::seconds(1);

    explicit Port(std::uint64_t clock_identity);

    void enable(Time now);
    /// Without a master the clock keeps the estimated rate.
    [[nodiscard]] Actions disable();

    /// `received` is the stamp of the event port, and nothing for what came to the general port. A message at
    /// the other port than its own is ignored.
    [[nodiscard]] Actions handle(ByteView datagram, std::optional<Timestamp> received, Time now);
    /// A message with a ticket has left at this time of the camera's clock.
    [[nodiscard]] Actions sent(const Ticket&, Timestamp left);
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] Actions expire(Time now);

    [[nodiscard]] State state() const { return state_; }
    /// Identity of the grandmaster, which may be the camera itself.
    [[nodiscard]] PortIdentity parent() const { return parent_.sender; }
    [[nodiscard]] std::uint64_t grandmaster() const { return parent_.grandmaster; }
    /// The last measured offset and path delay.
    [[nodiscard]] Time offset() const { return offset_; }
    [[nodiscard]] Time path_delay() const { return measurement_.path_delay().value_or(Time{}); }
    /// Rate of the clock over its oscillator.
    [[nodiscard]] double rate_ppb() const { return servo_.rate_ppb(); }
    [[nodiscard]] bool follows() const { return state_ == State::uncalibrated || state_ == State::slave; }

  private:
    void handle_announce(const Message&, Time now, Actions&);
    void handle_request(const Message&, Timestamp received, Actions&);
    void handle_master(const Message&, std::optional<Timestamp> received, Time now, Actions&);
    void correct_clock(Actions&);
    void decide(Time now, Actions&);
    void become_master(Time now, Actions&);
    void follow(const DataSet&, Time now);
    void await_announcements(Time interval, Time now);
    void announce(Actions&);
    void synchronise(Actions&);
    void request_delay(Time now, Actions&);
    [[nodiscard]] Message message(Type, std::uint16_t sequence, Time interval) const;
    [[nodiscard]] Time random(Time end);

    DataSet own_;
    State state_ = State::disabled;
    DataSet parent_;
    ForeignMasters foreign_{kAnnounceInterval};
    Measurement measurement_;
    Servo servo_;
    Time offset_{};
    Time request_interval_{};
    std::uint64_t dice_;
    std::uint16_t announces_ = 0, syncs_ = 0, requests_ = 0;  // sequence ids
    // Timers; without a time they do not run.
    std::optional<Time> silence_due_, announce_due_, sync_due_, request_due_;
};

}  // namespace protocol::ptp
