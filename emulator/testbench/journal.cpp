#include "emulator/testbench/journal.h"

#include <algorithm>

#include "emulator/testbench/fault_names.h"
#include "protocol/gvcp/names.h"

namespace emulator::testbench {
namespace {

namespace gvcp = protocol::gvcp;

constexpr std::size_t kCommandBytesMax = gvcp::kHeaderBytes + gvcp::kMaxPayloadBytes;
/// Kept of what is no command.
constexpr std::size_t kStrangeBytesMax = 64;

std::uint64_t key_of(protocol::Endpoint client, std::uint16_t request_id) {
    return std::uint64_t{client.ip} << 32 | std::uint64_t{client.port} << 16 | request_id;
}

}  // namespace

JournalEntry* Journal::find(Channel channel, protocol::Endpoint client, std::uint16_t request_id) {
    const auto& last = last_.at(static_cast<std::size_t>(channel));
    const auto found = last.find(key_of(client, request_id));
    if (found == last.end()) return nullptr;
    return &entries_[static_cast<std::size_t>(found->second - entries_.front().number)];
}

void Journal::add(Channel channel, protocol::ByteView datagram, protocol::Endpoint client) {
    const auto command = gvcp::parse_command(datagram);
    const auto kept =
        datagram.first(std::min(datagram.size(), command ? kCommandBytesMax : kStrangeBytesMax));
    std::optional<std::uint64_t> repeats;
    if (const auto* before = command ? find(channel, client, command->request_id) : nullptr;
        before != nullptr && std::ranges::equal(before->datagram, kept))
        repeats = before->number;
    entries_.push_back({.number = next_,
                        .ticks = ticks_(),
                        .at = host_(),
                        .client = client,
                        .channel = channel,
                        .datagram = {kept.begin(), kept.end()},
                        .size_bytes = datagram.size(),
                        .repeats = repeats});
    bytes_ += kept.size();
    if (command) last_.at(static_cast<std::size_t>(channel))[key_of(client, command->request_id)] = next_;
    ++next_;
    while (entries_.size() > kEntriesKept || bytes_ > kBytesKept) drop_oldest();
    note(entries_.back());
}

void Journal::note(JournalEntry& entry) {
    entry.revision = ++revision_;
    changed_();
}

void Journal::drop_oldest() {
    const auto& oldest = entries_.front();
    bytes_ -= oldest.datagram.size() + oldest.answer.size();
    if (const auto command = oldest.command()) {
        auto& last = last_.at(static_cast<std::size_t>(oldest.channel));
        const auto found = last.find(key_of(oldest.client, command->request_id));
        if (found != last.end() && found->second == oldest.number) last.erase(found);
    }
    entries_.pop_front();
    ++forgotten_;
}

// The first acknowledge counts: others are copies of it, as a broadcast besides it.
void Journal::answer(JournalEntry& entry, protocol::ByteView acknowledge) {
    if (entry.status) return;
    const auto payload = acknowledge.subspan(gvcp::kHeaderBytes);
    entry.status = gvcp::parse_ack(acknowledge)->status;
    entry.answered = host_().host;
    entry.answer.assign(payload.begin(), payload.end());
    bytes_ += payload.size();
    note(entry);
}

void Journal::on_control(protocol::ByteView datagram, protocol::Endpoint from) {
    add(Channel::control, datagram, from);
}

void Journal::on_handled(protocol::ByteView datagram, std::span<const gvcp::Reply> replies) {
    const auto status = replies.empty() ? std::string(gvcp::kNoAnswer)
                                        : gvcp::hex(gvcp::parse_ack(replies.front().datagram)->status, 4);
    ++commands_[{gvcp::command_name(gvcp::parse_command(datagram)), status}];
}

void Journal::on_reply(const gvcp::Reply& reply) {
    const auto ack = gvcp::parse_ack(reply.datagram);
    auto* entry = ack ? find(Channel::control, reply.to, ack->request_id) : nullptr;
    if (entry == nullptr) return;
    if (!ack->is_pending()) return answer(*entry, reply.datagram);
    ++entry->pending_acks;
    entry->pending_ms = protocol::load<std::uint16_t>(protocol::ByteView(reply.datagram).last(2));
    note(*entry);
}

void Journal::on_event(protocol::ByteView datagram, protocol::Endpoint to) {
    add(Channel::message, datagram, to);
}

void Journal::on_message(protocol::ByteView datagram, protocol::Endpoint from) {
    const auto ack = gvcp::parse_ack(datagram);
    auto* entry = ack ? find(Channel::message, from, ack->request_id) : nullptr;
    if (entry != nullptr && ack->code == entry->command()->code + 1) return answer(*entry, datagram);
    add(Channel::message, datagram, from);
}

void Journal::touched(protocol::Endpoint client, std::uint16_t request_id, std::string_view fault) {
    auto* entry = find(Channel::control, client, request_id);
    auto* event = find(Channel::message, client, request_id);
    if (entry == nullptr || (event != nullptr && event->number > entry->number)) entry = event;
    if (entry != nullptr && add_fault(entry->fault, fault)) note(*entry);
}

void Journal::forget() {
    entries_.clear();
    blocks_.forget();
    for (auto& last : last_) last.clear();
    bytes_ = 0;
    ++revision_;
}

}  // namespace emulator::testbench
