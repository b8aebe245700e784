#include "protocol/gvsp/transmitter.h"

#include <algorithm>
#include <utility>

namespace protocol::gvsp {
namespace {

/// Blocks before the newest that a client can have missed. A refusal of an older one would look like a new
/// block.
constexpr std::int64_t kBlocksMissed = 99;
constexpr std::int64_t kShortIds = 65'535;  // 0 is none of them.
/// Limit of refusals for one request of a block that is not kept.
constexpr std::uint32_t kRefusals = 64;
/// Packets of a burst that room is made for beforehand, at most.
constexpr std::int64_t kPacketsReserved = 1024;
constexpr std::uint32_t kToTheEnd = 0xFFFF'FFFF;

Status gated(Status status, bool extended_status) {
    return extended_status ? status : Status::packet_unavailable;
}

/// About how many packets leave together.
std::size_t burst_packets(Time burst, const Transmitter::Settings& settings) {
    const auto one = std::max(slot(settings.udp_bytes(), settings.pace), Time(1));
    return static_cast<std::size_t>(std::min<std::int64_t>(burst / one + 2, kPacketsReserved));
}

}  // namespace

Time transfer_time(std::size_t payload_bytes, const PacketLayout& layout, const Pace& pace) {
    const auto packet = [&](std::size_t content_bytes) {
        return slot(layout.header_bytes() + content_bytes, pace);
    };
    const auto full_packets = static_cast<std::int64_t>(payload_bytes / layout.payload_bytes());
    const auto rest_bytes = payload_bytes % layout.payload_bytes();
    return packet(kImageLeaderBytes) + full_packets * packet(layout.payload_bytes()) +
           (rest_bytes ? packet(rest_bytes) : Time::zero()) + packet(kChunkTrailerBytes);
}

std::vector<std::uint64_t> Transmitter::restart() {
    std::vector<std::uint64_t> cut_off;
    for (auto i = sent_; i < blocks_.size(); ++i) cut_off.push_back(blocks_[i].block.frame);
    blocks_.clear();
    resends_.clear();
    quota_.restart();
    sent_ = history_bytes_ = 0;
    strange_requests_ = 0;
    behind_ = resend_lead_ = Time::zero();
    dropped_last_ = false;
    return cut_off;
}

bool Transmitter::submit(Block block, Time start, const Settings& settings) {
    if (blocks_.size() - sent_ >= kBlocksWaiting) {
        dropped_last_ = true;
        return false;
    }
    block.previous_dropped |= std::exchange(dropped_last_, false);
    history_bytes_ += block.payload.size();
    const auto packets = packet_count(block, settings.layout);
    blocks_.push_back({.block = std::move(block), .settings = settings, .start = start, .packets = packets});
    forget_old();
    return true;
}

std::vector<std::uint64_t> Transmitter::abandon_waiting() {
    std::vector<std::uint64_t> abandoned;
    while (blocks_.size() > sent_ && blocks_.back().next_packet == 0) {
        abandoned.insert(abandoned.begin(), blocks_.back().block.id);
        history_bytes_ -= blocks_.back().block.payload.size();
        blocks_.pop_back();
    }
    if (!abandoned.empty()) dropped_last_ = true;
    return abandoned;
}

void Transmitter::forget_old() {
    while (sent_ > 1 && (history_bytes_ > kHistoryBytes || sent_ > kHistoryBlocks)) {
        // Resends that wait point into their block, and are removed with it.
        std::erase_if(resends_,
                      [oldest = &blocks_.front()](const Again& again) { return again.of == oldest; });
        history_bytes_ -= blocks_.front().block.payload.size();
        blocks_.pop_front();
        --sent_;
    }
}

Transmitter::Queued* Transmitter::find(std::uint64_t id) {
    // The newest first: 16-bit ids wrap around.
    const auto found =
        std::find_if(blocks_.rbegin(), blocks_.rend(), [id](const auto& q) { return q.block.id == id; });
    return found == blocks_.rend() ? nullptr : &*found;
}

/// Distance of a block id from the newest; 16-bit ids wrap around, and the shorter distance counts.
std::int64_t Transmitter::ahead(std::uint64_t id) const {
    if (blocks_.empty()) return 0;
    const auto& newest = blocks_.back();
    const auto ahead = static_cast<std::int64_t>(id - newest.block.id);
    if (newest.settings.layout.extended_ids) return ahead;
    const auto round = ahead % kShortIds;
    return round > kShortIds / 2 ? round - kShortIds : round < -kShortIds / 2 ? round + kShortIds : round;
}

void Transmitter::resend(const gvcp::Resend& asked, const Settings& settings, Time now) {
    ++counts_.resend_requests;
    resend_settings_ = settings;
    const auto before = resends_.size();
    const std::size_t block_packets = blocks_.empty() ? kRefusals : blocks_.back().packets;
    resends_end_ = kResendsWaiting;
    if (settings.resend_quota)
        resends_end_ = std::min(resends_end_, before + quota_.room(asked.from_ip, block_packets, now));
    if (before >= resends_end_) return;
    if (const auto* queued = find(asked.block_id)) {
        serve(*queued, asked, settings);
    } else {
        refuse_block(asked, settings);
    }
    if (settings.resend_quota) quota_.use(asked.from_ip, resends_.size() - before, block_packets, now);
}

void Transmitter::deny(const gvcp::Resend& asked, const Settings& settings, Status status) {
    ++counts_.resend_requests;
    resend_settings_ = settings;
    resends_end_ = kResendsWaiting;
    refuse(asked, settings, gated(status, settings.extended_status));
}

void Transmitter::serve(const Queued& queued, const gvcp::Resend& asked, const Settings& settings) {
    const auto last = std::min(asked.last, queued.packets - 1);
    const auto sending = settings.extended_status ? Sending::again_with_status : Sending::again;
    const auto to_ip = settings.resend_to_requester ? asked.from_ip : 0;
    auto rest = asked;
    const auto end = std::min(last + 1, queued.next_packet);
    for (; rest.first < end && resends_.size() < resends_end_; ++rest.first)
        queue({{make_packet(queued.block, queued.settings.layout, rest.first, sending), to_ip,
                queued.block.id, Outgoing::Kind::again},
               &queued});
    rest.last = last;
    if (rest.first >= end && rest.first <= last)
        refuse(rest, settings, gated(Status::packet_not_yet_available, settings.extended_status));
    const bool beyond = asked.last != kToTheEnd && asked.last >= queued.packets;
    if (asked.first > last || beyond) {
        auto missing = asked;
        if (asked.first <= last) missing.first = queued.packets;
        refuse(missing, settings, Status::packet_unavailable, kResendRangeError);
    }
}

void Transmitter::queue(const Again& again) {
    if (resends_.size() < resends_end_) resends_.push_back(again);
}

// Some clients take the packet of a refusal for a new block: requests for blocks that no client can have
// missed are hardly answered.
void Transmitter::refuse_block(const gvcp::Resend& asked, const Settings& settings) {
    const auto distance = ahead(asked.block_id);
    const bool expected = !blocks_.empty() && distance <= 1 && distance >= -kBlocksMissed;
    if (!expected && strange_requests_++ >= kStrangeRequests) return;
    const auto why = distance > 0 ? Status::packet_not_yet_available : Status::packet_removed;
    refuse(asked, settings, gated(why, settings.extended_status));
}

void Transmitter::refuse(const gvcp::Resend& asked, const Settings& settings, Status status,
                         std::uint16_t flags) {
    const auto to_ip = settings.resend_to_requester ? asked.from_ip : 0;
    // "To the end" of an unknown block, or a reversed range, counts as one packet.
    const bool countable = asked.last != kToTheEnd && asked.last >= asked.first;
    const auto count = countable ? std::min(asked.last - asked.first, kRefusals - 1) + 1 : 1;
    for (std::uint32_t i = 0; i < count; ++i)
        queue({{make_refusal(asked.block_id, asked.first + i, status, settings.layout, flags), to_ip,
                asked.block_id, Outgoing::Kind::refusal},
               nullptr});
}

bool Transmitter::has_sent(ByteView beginning) const {
    return std::ranges::any_of(blocks_, [beginning](const Queued& queued) {
        const auto& layout = queued.settings.layout;
        if (beginning.size() < layout.header_bytes()) return false;
        const auto id = packet_id(beginning, layout.extended_ids);
        if (id.block != queued.block.id || id.packet >= queued.next_packet) return false;
        const auto packet = make_packet(queued.block, layout, id.packet).flat();
        // Status and flags distinguish a resend.
        const auto first = layout.extended_ids ? 4U : 2U;
        return beginning.size() <= packet.size() &&
               std::equal(beginning.begin() + first, beginning.end(), packet.begin() + first);
    });
}

std::optional<Time> Transmitter::deadline() const {
    if (!resends_.empty()) return due_;
    if (all_sent()) return std::nullopt;
    return std::max(due_, blocks_[sent_].start);
}

bool Transmitter::block_is_due(Time now) const {
    return sent_ < blocks_.size() && blocks_[sent_].start <= now;
}

// Resent packets go between those of the block under way, not before them.
bool Transmitter::resend_is_next(Time now) const {
    return !resends_.empty() && (!block_is_due(now) || resend_lead_ <= Time::zero());
}

const Transmitter::Settings& Transmitter::next_settings(Time now) const {
    return resend_is_next(now) ? resend_settings_ : blocks_[sent_].settings;
}

Transmitter::Outgoing Transmitter::next_packet(Time now) const {
    if (resend_is_next(now)) return resends_.front().outgoing;
    const auto& queued = blocks_[sent_];
    return {.packet = make_packet(queued.block, queued.settings.layout, queued.next_packet),
            .block_id = queued.block.id,
            .last = queued.next_packet + 1 == queued.packets};
}

/// The next packet has left.
void Transmitter::pass(Time used, Time now) {
    if (!resend_is_next(now)) {
        ++counts_.packets;
        auto& queued = blocks_[sent_];
        if (++queued.next_packet == queued.packets) ++sent_;
        resend_lead_ = std::max(resend_lead_ - used, Time::zero());
        return;
    }
    ++(resends_.front().of != nullptr ? counts_.packets_resent : counts_.packets_refused);
    resend_lead_ = block_is_due(now) ? resend_lead_ + kPartsOfBlocks * used : Time::zero();
    resends_.pop_front();
}

std::vector<Transmitter::Outgoing> Transmitter::take(Time now) {
    std::vector<Outgoing> out;
    const auto due = deadline();
    if (!due || now < *due) return out;
    const auto& settings = next_settings(now);
    const auto bundle = bundling(settings.udp_bytes(), settings.pace);
    out.reserve(burst_packets(bundle.burst, settings));
    Time used{};
    while (block_is_due(now) || !resends_.empty()) {
        const auto packet = next_packet(now);
        const auto time = slot(packet.packet.size_bytes(), next_settings(now).pace);
        if (!out.empty() && used + time > bundle.burst) break;
        pass(time, now);
        out.push_back(packet);
        used += time;
    }
    keep_pace(*due, now, used, bundle);
    return out;
}

void Transmitter::keep_pace(Time due, Time now, Time used, const Bundling& bundle) {
    const auto from = std::max(due, now - bundle.at_once);
    behind_ = block_is_due(now) ? std::min(behind_ + from - due, bundle.behind_max) : Time::zero();
    const auto made_good = std::min(behind_, used / bundle.hurry);
    behind_ -= made_good;
    due_ = from + used - made_good;
}

}  // namespace protocol::gvsp
