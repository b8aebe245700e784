#include "protocol/ptp/port.h"

#include <algorithm>
#include <cmath>

namespace protocol::ptp {
namespace {

constexpr std::uint8_t kDomain = 0;
constexpr std::uint16_t kPortNumber = 1;
constexpr int kAnnounceReceiptTimeout = 3;  // intervals
constexpr std::uint16_t kMostStepsRemoved = 254;
constexpr int kLogRequestMin = -4, kLogRequestMax = 5;
/// Longest plausible correction field.
constexpr Time kMostCorrection = std::chrono::seconds(1);
constexpr std::int8_t kNoLogMessageInterval = 0x7F;

std::int8_t log_of(Time interval) {
    return static_cast<std::int8_t>(std::lround(std::log2(std::chrono::duration<double>(interval).count())));
}

bool is_timestamp(Timestamp time) { return time >= Timestamp{} && time < kEndOfTime; }

bool due(const std::optional<Time>& timer, Time now) { return timer && *timer <= now; }

/// The next time after `last` in the same phase; missed intervals are skipped.
Time next_after(Time last, Time interval, Time now) {
    return last + ((now - last) / interval + 1) * interval;
}

}  // namespace

Port::Port(std::uint64_t clock_identity) : dice_(clock_identity) {
    own_.grandmaster = clock_identity;
    own_.sender = {.clock = clock_identity, .port = kPortNumber};
    parent_ = own_;
}

// Cameras that were switched on together must not send at the same time.
Time Port::random(Time end) {
    dice_ = dice_ * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
    return Time(static_cast<std::int64_t>(dice_ >> 11) % std::max<std::int64_t>(end.count(), 1));
}

Message Port::message(Type type, std::uint16_t sequence, Time interval) const {
    Message message;
    message.type = type;
    message.domain = kDomain;
    message.source = own_.sender;
    message.sequence = sequence;
    message.log_interval = interval == Time::zero() ? kNoLogMessageInterval : log_of(interval);
    return message;
}

void Port::enable(Time now) {
    if (state_ != State::disabled) return;
    state_ = State::listening;
    await_announcements(kAnnounceInterval, now);
}

Actions Port::disable() {
    state_ = State::disabled;
    parent_ = own_;
    foreign_.clear();
    silence_due_ = announce_due_ = sync_due_ = request_due_ = std::nullopt;
    return {servo_.hold()};
}

void Port::await_announcements(Time interval, Time now) {
    silence_due_ = now + kAnnounceReceiptTimeout * interval + random(interval);
}

Actions Port::handle(ByteView datagram, std::optional<Timestamp> received, Time now) {
    Actions actions;
    const auto message = parse(datagram);
    if (state_ == State::disabled || !message || message->domain != kDomain) return actions;
    if (is_event(message->type) != received.has_value()) return actions;
    if (message->source.clock == own_.sender.clock) return actions;
    if (message->flags & (kAlternateMaster | kUnicast)) return actions;
    if (std::chrono::abs(message->correction()) > kMostCorrection) return actions;
    if (message->type == Type::announce) {
        handle_announce(*message, now, actions);
    } else if (message->type == Type::delay_request) {
        if (state_ == State::master) handle_request(*message, *received, actions);
    } else if (follows() && message->source == parent_.sender) {
        handle_master(*message, received, now, actions);
    }
    return actions;
}

void Port::handle_master(const Message& message, std::optional<Timestamp> received, Time now,
                         Actions& actions) {
    bool synced = false;
    if (message.type == Type::sync) synced = measurement_.sync(message, *received);
    if (message.type == Type::follow_up) synced = measurement_.follow_up(message);
    if (message.type == Type::delay_response && message.requester == own_.sender) {
        measurement_.response(message);
        if (message.log_interval != kNoLogMessageInterval)
            request_interval_ = interval_of_log(message.log_interval, kLogRequestMin, kLogRequestMax);
    }
    correct_clock(actions);
    // While the rate is unknown, a request must leave soon after a Sync to be comparable with it.
    if (synced && (!servo_.settled() || !request_due_)) request_delay(now, actions);
}

void Port::handle_announce(const Message& message, Time now, Actions& actions) {
    if (message.master.steps_removed > kMostStepsRemoved) return;
    foreign_.hear(message, now);
    if (follows() && message.source == parent_.sender)
        await_announcements(foreign_.interval_of(message.source), now);
    decide(now, actions);
}

// IEEE 1588-2008, 9.3.3, for a clock that is no grandmaster by class.
void Port::decide(Time now, Actions& actions) {
    const auto best = foreign_.best(now);
    if (!best) {
        if (state_ != State::listening && state_ != State::master) become_master(now, actions);
    } else if (better(own_, *best)) {
        if (state_ != State::master) become_master(now, actions);
    } else {
        follow(*best, now);
    }
}

void Port::become_master(Time now, Actions& actions) {
    state_ = State::master;
    parent_ = own_;
    offset_ = {};
    silence_due_ = request_due_ = std::nullopt;
    announce_due_ = sync_due_ = now;
    actions.push_back(servo_.hold());
}

void Port::follow(const DataSet& master, Time now) {
    const bool same = follows() && master.sender == parent_.sender;
    parent_ = master;
    if (same) return;
    state_ = State::uncalibrated;
    announce_due_ = sync_due_ = request_due_ = std::nullopt;
    await_announcements(foreign_.interval_of(master.sender), now);
    measurement_ = {};
    servo_.restart();
    request_interval_ = kSyncInterval;
}

void Port::correct_clock(Actions& actions) {
    const auto sample = measurement_.take_sample();
    if (!sample) return;
    offset_ = sample->offset;
    const auto correction = servo_.sample(sample->offset, sample->at);
    measurement_.clock_stepped(correction.step);
    actions.push_back(correction);
    state_ = servo_.settled() ? State::slave : State::uncalibrated;
}

void Port::request_delay(Time now, Actions& actions) {
    const auto sequence = requests_++;
    measurement_.request(sequence);
    actions.push_back(Send{.datagram = encode(message(Type::delay_request, sequence, Time::zero())),
                           .ticket = Ticket{.type = Type::delay_request, .sequence = sequence}});
    request_due_ = now + random(2 * request_interval_);
}

void Port::handle_request(const Message& request, Timestamp received, Actions& actions) {
    if (!is_timestamp(received)) return;
    auto response = message(Type::delay_response, request.sequence, kSyncInterval);
    response.scaled_correction = request.scaled_correction;
    response.time = received;
    response.requester = request.source;
    actions.push_back(Send{.datagram = encode(response), .ticket = {}});
}

Actions Port::sent(const Ticket& ticket, Timestamp left) {
    Actions actions;
    if (ticket.type == Type::delay_request && follows()) {
        measurement_.request_sent(ticket.sequence, left);
        correct_clock(actions);
    }
    if (ticket.type != Type::sync || state_ != State::master || !is_timestamp(left)) return actions;
    auto follow_up = message(Type::follow_up, ticket.sequence, kSyncInterval);
    follow_up.time = left;
    actions.push_back(Send{.datagram = encode(follow_up), .ticket = {}});
    return actions;
}

void Port::announce(Actions& actions) {
    auto announcement = message(Type::announce, announces_++, kAnnounceInterval);
    announcement.master = own_;
    actions.push_back(Send{.datagram = encode(announcement), .ticket = {}});
}

void Port::synchronise(Actions& actions) {
    auto sync = message(Type::sync, syncs_++, kSyncInterval);
    sync.flags = kTwoStep;
    actions.push_back(
        Send{.datagram = encode(sync), .ticket = Ticket{.type = Type::sync, .sequence = sync.sequence}});
}

std::optional<Time> Port::deadline() const {
    std::optional<Time> first;
    for (const auto& timer : {silence_due_, announce_due_, sync_due_, request_due_}) {
        if (timer && (!first || *timer < *first)) first = timer;
    }
    return first;
}

Actions Port::expire(Time now) {
    Actions actions;
    if (due(silence_due_, now)) {
        silence_due_.reset();
        if (follows()) foreign_.forget(parent_.sender);
        if (state_ == State::listening) {
            become_master(now, actions);
        } else {
            decide(now, actions);
        }
    }
    if (due(announce_due_, now)) {
        announce(actions);
        announce_due_ = next_after(*announce_due_, kAnnounceInterval, now);
    }
    if (due(sync_due_, now)) {
        synchronise(actions);
        sync_due_ = next_after(*sync_due_, kSyncInterval, now);
    }
    if (due(request_due_, now)) request_delay(now, actions);
    return actions;
}

}  // namespace protocol::ptp
