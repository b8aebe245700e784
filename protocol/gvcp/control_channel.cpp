#include "protocol/gvcp/control_channel.h"

#include <algorithm>
#include <utility>

namespace protocol::gvcp {
namespace {

using std::chrono::milliseconds;

/// How long the acknowledge of a write is kept for repetitions: longer than any client repeats it.
constexpr auto kRememberFor = std::chrono::seconds(3);
/// Time to completion in PENDING_ACK during a save (assumed).
constexpr milliseconds kSaveTakes{1000};
constexpr std::size_t kClientsRemembered = 16;

std::vector<Reply> one(Bytes datagram, Endpoint to, Time at) {
    std::vector<Reply> replies;
    replies.push_back({.datagram = std::move(datagram), .to = to, .at = at});
    return replies;
}

std::vector<Reply> acknowledge(const Command& command, Status status, Endpoint to, Time at,
                               ByteView payload = {}) {
    if (!command.wants_ack()) return {};
    return one(make_ack(status, command.code, command.request_id, payload), to, at);
}

/// Pseudo-random discovery delay that differs between cameras and between requests.
std::uint64_t scatter(std::uint64_t seed) {
    seed = (seed ^ (seed >> 30)) * 0xBF58'476D'1CE4'E5B9;
    seed = (seed ^ (seed >> 27)) * 0x94D0'49BB'1331'11EB;
    return seed ^ (seed >> 31);
}

Bytes index_payload(std::size_t index) {
    return Writer().u16(0).u16(static_cast<std::uint16_t>(index)).take();
}

std::uint16_t whole_ms(Time time) {
    const auto count = std::chrono::ceil<milliseconds>(time).count();
    return static_cast<std::uint16_t>(std::clamp<std::int64_t>(count, 0, 0xFFFF));
}

}  // namespace

std::vector<Reply> ControlChannel::handle(ByteView datagram, Endpoint from, Time now) {
    const auto command = parse_command(datagram);
    if (!command) return {};
    if (!command->is(Code::packet_resend)) device_.control.heard_from(from, now);
    if (command->payload.size() != command->length && !command->is(Code::packet_resend))
        return acknowledge(*command, Status::invalid_header, from, now);
    return execute(*command, datagram, from, now);
}

std::vector<Reply> ControlChannel::execute(const Command& command, ByteView datagram, Endpoint from,
                                           Time now) {
    const bool readable = device_.control.readable_by(from);
    switch (static_cast<Code>(command.code)) {
        case Code::discovery:
            return discovery(command, from, now);
        case Code::force_ip:
            return force_ip(command, from, now);
        case Code::packet_resend:
            return resend(command, from);
        case Code::action:
            return action(command, datagram, from, now);
        case Code::read_register:
        case Code::read_memory: {
            if (!readable) return acknowledge(command, Status::access_denied, from, now);
            const auto answer =
                command.is(Code::read_register) ? read_registers(command) : read_memory(command);
            return acknowledge(command, answer.status, from, now, answer.payload);
        }
        case Code::write_register:
        case Code::write_memory: {
            if (auto again = repeat(command, datagram, from, now)) return *again;
            const auto answer = command.is(Code::write_register) ? write_registers(command, from, now)
                                                                 : write_memory(command, from, now);
            if (delegate_.unsaved()) return answer_when_saved(datagram, answer, from, now);
            return answer_once(command, datagram, answer, from, now);
        }
        default:
            return acknowledge(command, Status::not_implemented, from, now);
    }
}

std::vector<Reply> ControlChannel::discovery(const Command& command, Endpoint from, Time now) {
    if (!command.payload.empty()) return acknowledge(command, Status::invalid_parameter, from, now);
    const auto delay_range = std::uint64_t{device_.discovery_delay_ms} + 1;
    const auto seed = device_.identity.mac ^ static_cast<std::uint64_t>(now.count());
    const auto at = now + milliseconds(scatter(seed) % delay_range);
    std::erase_if(discoveries_due_, [now](Time due) { return due <= now; });
    if (discoveries_due_.size() >= kDiscoveriesWaiting) return {};
    if (at > now) discoveries_due_.push_back(at);
    auto replies = acknowledge(command, Status::success, from, at, bootstrap::discovery_image(device_));
    // A client of another subnet may not receive a unicast answer, and sets the broadcast acknowledge flag.
    const bool same_subnet = (from.ip & device_.ip.mask) == (device_.ip.ip & device_.ip.mask);
    if (!same_subnet && (command.flags & kBroadcastAcknowledge) && !replies.empty()) {
        replies.push_back(replies.front());
        replies.back().broadcast = true;
    }
    return replies;
}

std::vector<Reply> ControlChannel::force_ip(const Command& command, Endpoint from, Time now) {
    const auto force = parse_force_ip(command);
    if (!force) return acknowledge(command, force.status(), from, now);
    if (force->mac != device_.identity.mac || device_.control.taken()) return {};
    if (force->ip == 0) {
        delegate_.restart_ip_configuration();
        return {};
    }
    const IpSettings wanted{.ip = force->ip, .mask = force->mask, .gateway = force->gateway};
    const auto status =
        usable(wanted, device_.ip.ip) ? delegate_.apply_ip(wanted) : Status::invalid_parameter;
    auto replies = acknowledge(command, status, from, now);
    for (auto& reply : replies) reply.broadcast = command.flags & kBroadcastAcknowledge;
    return replies;
}

// Requests come from another port than the control channel's. Of a multicast stream the controlling
// application may request resends, and members where resends go to the requester.
bool ControlChannel::served_resends(Endpoint from) const {
    const auto& stream = device_.stream;
    if (!stream.multicast()) return from.ip == stream.destination_ip;
    return stream.resend_to_requester || (device_.control.taken() && from.ip == device_.control.owner().ip);
}

// There is no acknowledge; the packets that are sent again are the answer.
std::vector<Reply> ControlChannel::resend(const Command& command, Endpoint from) {
    if (!served_resends(from)) return {};
    if (const auto resend = parse_resend(command); resend && resend->channel == 0) {
        auto asked = *resend;
        asked.from_ip = from.ip;
        delegate_.resend(asked);
    }
    return {};
}

// Any application may send action commands to a device under control. Commands that do not match keys and
// mask are ignored without an acknowledge: they go to all devices of a network.
std::vector<Reply> ControlChannel::action(const Command& command, ByteView datagram, Endpoint from,
                                          Time now) {
    const auto action = parse_action(command);
    if (!action) return acknowledge(command, action.status(), from, now);
    if (!device_.control.taken() && !device_.action.unconditional) return {};
    if (!device_.action.asserted_by(*action)) return {};
    if (auto again = repeat(command, datagram, from, now)) return *again;
    std::optional<Timestamp> at;
    if (action->at_ticks) at = timestamp(*action->at_ticks);
    return answer_once(command, datagram, {.status = delegate_.act(at), .payload = {}}, from, now);
}

// Status codes of version 2.0 are sent only where they are enabled.
Status ControlChannel::as_told(Status status) const {
    const bool of_2_0 = status >= Status::no_reference_time && status <= Status::action_late;
    return of_2_0 && !device_.extended_status_2_enabled ? Status::error : status;
}

ControlChannel::Answer ControlChannel::read_registers(const Command& command) const {
    const auto addresses = command.payload;
    if (addresses.empty() || addresses.size() % 4 != 0)
        return {.status = Status::invalid_parameter, .payload = {}};
    if (addresses.size() / 4 > kMaxReadRegisters) return {.status = Status::invalid_parameter, .payload = {}};
    Answer answer;
    answer.payload.resize(addresses.size());
    for (std::size_t at = 0; at < addresses.size(); at += 4) {
        const auto address = load<std::uint32_t>(addresses.subspan(at));
        const auto status = address % 4 != 0 ? Status::bad_alignment
                                             : read(address, std::span(answer.payload).subspan(at, 4));
        if (!ok(status)) return {.status = status, .payload = {}};
    }
    return answer;
}

ControlChannel::Answer ControlChannel::read_memory(const Command& command) const {
    const auto range = parse_read_memory(command);
    if (!range) return {.status = range.status(), .payload = {}};
    Answer answer;
    answer.payload.resize(4 + range->size_bytes);
    store(std::span(answer.payload), range->address);
    const auto status = read(range->address, std::span(answer.payload).subspan(4));
    if (!ok(status)) return {.status = status, .payload = {}};
    return answer;
}

ControlChannel::Answer ControlChannel::write_registers(const Command& command, Endpoint from, Time now) {
    const auto pairs = command.payload;
    const auto count = pairs.size() / 8;
    if (count == 0 || pairs.size() % 8 != 0 || count > kMaxWriteRegisters) {
        return {.status = Status::invalid_parameter, .payload = {}};
    }
    Answer answer;
    for (std::size_t index = 0; index < count; ++index) {
        const auto pair = pairs.subspan(index * 8, 8);
        const auto outcome = write(load<std::uint32_t>(pair), pair.subspan(4), from, now);
        if (!ok(outcome.status)) {
            // The index of the failure is sent only for lists.
            return {.status = outcome.status, .payload = count > 1 ? index_payload(index) : Bytes{}};
        }
        answer.takes += outcome.takes;
    }
    answer.payload = index_payload(count);
    return answer;
}

ControlChannel::Answer ControlChannel::write_memory(const Command& command, Endpoint from, Time now) {
    if (command.payload.size() < 8 || command.payload.size() > kMaxPayloadBytes) {
        return {.status = Status::invalid_parameter, .payload = index_payload(0)};
    }
    const auto address = load<std::uint32_t>(command.payload);
    const auto bytes = command.payload.subspan(4);
    if (bytes.size() % 4 != 0) return {.status = Status::bad_alignment, .payload = index_payload(0)};
    if (address >= bootstrap::kEnd) {
        const auto outcome = write(address, bytes, from, now);
        return {.status = outcome.status,
                .payload = index_payload(ok(outcome.status) ? bytes.size() : outcome.written_bytes),
                .takes = outcome.takes};
    }
    for (std::size_t at = 0; at < bytes.size(); at += 4) {
        const auto outcome = write(address + static_cast<std::uint32_t>(at), bytes.subspan(at, 4), from, now);
        if (!ok(outcome.status)) return {.status = outcome.status, .payload = index_payload(at)};
    }
    return {.payload = index_payload(bytes.size())};
}

Status ControlChannel::read(std::uint32_t address, std::span<std::uint8_t> out) const {
    if (address < bootstrap::kEnd) return bootstrap::read(device_, address, out);
    return memory_.read(address, out);
}

Outcome ControlChannel::write(std::uint32_t address, ByteView bytes, Endpoint from, Time now) {
    if (!device_.control.owned_by(from) && address != bootstrap::kControlPrivilege) {
        return {.status = Status::access_denied};
    }
    if (address % 4 != 0) return {.status = Status::bad_alignment};
    if (address >= bootstrap::kEnd) return memory_.write(address, bytes);
    return {.status =
                bootstrap::write(device_, address, bytes, {.from = from, .now = now, .delegate = delegate_})};
}

std::vector<Reply> ControlChannel::answer_once(const Command& command, ByteView datagram,
                                               const Answer& answer, Endpoint from, Time now) {
    auto ack = make_ack(as_told(answer.status), command.code, command.request_id, answer.payload);
    const auto done = now + answer.takes;
    // What failed may be tried again: a client that waits for control repeats itself until it gets it.
    if (ok(answer.status) || answer.status == Status::action_late) {
        if (remembered_.size() >= kClientsRemembered) {
            remembered_.erase(
                std::ranges::min_element(remembered_, {}, [](const auto& e) { return e.second.at; }));
        }
        remembered_[{from.ip, from.port}] = {
            .command = {datagram.begin(), datagram.end()}, .ack = ack, .at = now, .done = done};
    }
    if (!command.wants_ack()) return {};
    std::vector<Reply> replies;
    if (device_.pending_ack_enabled && answer.takes > milliseconds(device_.pending_timeout_ms)) {
        replies = one(make_pending_ack(command.request_id, whole_ms(answer.takes)), from, now);
    }
    replies.push_back({.datagram = std::move(ack), .to = from, .at = done});
    return replies;
}

std::vector<Reply> ControlChannel::answer_when_saved(ByteView datagram, Answer answer, Endpoint from,
                                                     Time now) {
    saving_ = Saving{.datagram = {datagram.begin(), datagram.end()},
                     .answer = std::move(answer),
                     .from = from,
                     .at = now,
                     .pending_due = now + milliseconds(device_.pending_timeout_ms)};
    delegate_.save();
    return {};
}

std::vector<Reply> ControlChannel::saved(bool kept, Time now) {
    const auto saving = std::exchange(saving_, std::nullopt);
    if (!saving) return {};
    const auto command = parse_command(saving->datagram);
    auto answer = saving->answer;
    if (!kept) {
        const bool tells_place =
            !answer.payload.empty() && (command->is(Code::write_memory) || command->payload.size() > 8);
        answer = {.status = Status::error, .payload = tells_place ? index_payload(0) : Bytes{}};
    }
    return answer_once(*command, saving->datagram, answer, saving->from, now);
}

std::vector<Reply> ControlChannel::still_saving(Time now) const {
    const auto command = parse_command(saving_->datagram);
    if (!device_.pending_ack_enabled || !command->wants_ack()) return {};
    return one(make_pending_ack(command->request_id, whole_ms(kSaveTakes)), saving_->from, now);
}

std::optional<std::vector<Reply>> ControlChannel::repeat(const Command& command, ByteView datagram,
                                                         Endpoint from, Time now) const {
    if (saving_ && saving_->is(datagram, from)) return still_saving(now);
    const auto found = remembered_.find({from.ip, from.port});
    if (found == remembered_.end()) return std::nullopt;
    const auto& last = found->second;
    if (now - last.at > kRememberFor + (last.done - last.at) || !std::ranges::equal(last.command, datagram))
        return std::nullopt;
    if (!command.wants_ack()) return std::vector<Reply>{};
    if (now >= last.done) return one(last.ack, from, now);
    if (!device_.pending_ack_enabled) return std::vector<Reply>{};
    return one(make_pending_ack(command.request_id, whole_ms(last.done - now)), from, now);
}

std::optional<Time> ControlChannel::deadline() const {
    const auto heartbeat = heartbeat_deadline();
    if (!saving_) return heartbeat;
    return std::min(heartbeat.value_or(Time::max()), saving_->pending_due);
}

std::optional<Time> ControlChannel::heartbeat_deadline() const {
    if (!device_.control.taken() || device_.heartbeat_disabled) return std::nullopt;
    return device_.control.last_heard() + milliseconds(device_.heartbeat_ms);
}

std::vector<Reply> ControlChannel::expire(Time now) {
    std::vector<Reply> replies;
    if (saving_ && now >= saving_->pending_due) {
        replies = still_saving(now);
        saving_->pending_due = now + kSaveTakes / 2;
    }
    const auto due = heartbeat_deadline();
    if (!due || now < *due) return replies;
    end_control();
    return replies;
}

void ControlChannel::end_control() {
    if (!device_.control.taken()) return;
    // Writes of the former owner may be void, so repetitions of them are not acknowledged any more.
    const auto owner = device_.control.owner();
    remembered_.erase({owner.ip, owner.port});
    device_.control.release();
    delegate_.control_lost();
}

}  // namespace protocol::gvcp
