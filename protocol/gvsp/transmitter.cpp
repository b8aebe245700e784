#include "protocol/gvsp/transmitter.h"

#include <algorithm>
#include <utility>

namespace protocol::gvsp {
namespace {

/// A sender that was held up does not make good for more than this at once: it would flood the receiver's
/// buffer.
constexpr Time kCatchUp = 2 * Transmitter::kBurst;
/// Packets of a block that is gone are refused one by one, but not by the thousand.
constexpr std::uint32_t kRefusals = 64;
constexpr std::uint32_t kToTheEnd = 0xFFFF'FFFF;

Status gated(Status status, bool extended_status) {
    return extended_status ? status : Status::packet_unavailable;
}

}  // namespace

Time transfer_time(std::size_t payload_bytes, const Cut& cut, const Pace& pace) {
    const auto packet = [&](std::size_t content_bytes) {
        return slot(cut.header_bytes() + content_bytes, pace);
    };
    const auto full_packets = static_cast<std::int64_t>(payload_bytes / cut.payload_bytes());
    const auto rest_bytes = payload_bytes % cut.payload_bytes();
    return packet(kImageLeaderBytes) + full_packets * packet(cut.payload_bytes()) +
           (rest_bytes ? packet(rest_bytes) : Time::zero()) + packet(kChunkTrailerBytes);
}

void Transmitter::restart() {
    blocks_.clear();
    resends_.clear();
    sent_ = history_bytes_ = 0;
    dropped_last_ = false;
}

bool Transmitter::submit(Block block, Time start, const Settings& settings) {
    if (blocks_.size() - sent_ >= kBlocksWaiting) {
        ++blocks_dropped_;
        dropped_last_ = true;
        return false;
    }
    block.previous_dropped |= std::exchange(dropped_last_, false);
    history_bytes_ += block.payload.size();
    const auto packets = packet_count(block, settings.cut);
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
        // A packet that waits to be sent again points into its block, and goes with it.
        std::erase_if(resends_,
                      [oldest = &blocks_.front()](const Again& again) { return again.of == oldest; });
        history_bytes_ -= blocks_.front().block.payload.size();
        blocks_.pop_front();
        --sent_;
    }
}

Transmitter::Queued* Transmitter::find(std::uint64_t id) {
    // The newest first: short ids come round again.
    const auto found =
        std::find_if(blocks_.rbegin(), blocks_.rend(), [id](const auto& q) { return q.block.id == id; });
    return found == blocks_.rend() ? nullptr : &*found;
}

// Short ids come round again: the nearer half of them lies ahead.
bool Transmitter::is_to_come(std::uint64_t id) const {
    if (blocks_.empty()) return false;
    const auto& newest = blocks_.back();
    if (newest.settings.cut.extended_ids) return id > newest.block.id;
    return static_cast<std::int16_t>(id - newest.block.id) > 0;
}

void Transmitter::resend(const gvcp::Resend& asked, const Settings& settings) {
    const auto* queued = find(asked.block_id);
    resend_pace_ = settings.pace;
    if (!queued) {
        const auto why =
            is_to_come(asked.block_id) ? Status::packet_not_yet_available : Status::packet_removed;
        return refuse(asked, settings, gated(why, settings.extended_status));
    }
    const auto last = std::min(asked.last, queued->packets - 1);
    const auto sending = settings.extended_status ? Sending::again_with_status : Sending::again;
    const auto to_ip = settings.resend_to_requester ? asked.from_ip : 0;
    for (auto id = asked.first; id <= last && resends_.size() < kResendsWaiting; ++id) {
        if (id < queued->next_packet) {
            resends_.push_back(
                {{make_packet(queued->block, queued->settings.cut, id, sending), to_ip}, queued});
        } else {
            const auto status = gated(Status::packet_not_yet_available, settings.extended_status);
            resends_.push_back(
                {{make_refusal(asked.block_id, id, status, queued->settings.cut), to_ip}, nullptr});
        }
    }
    const bool beyond = asked.last != kToTheEnd && asked.last >= queued->packets;
    if (asked.first > last || beyond) {
        auto missing = asked;
        if (asked.first <= last) missing.first = queued->packets;
        refuse(missing, settings, Status::packet_unavailable, kResendRangeError);
    }
}

void Transmitter::refuse(const gvcp::Resend& asked, const Settings& settings, Status status,
                         std::uint16_t flags) {
    const auto to_ip = settings.resend_to_requester ? asked.from_ip : 0;
    // "To the end" of a block that is not known, or a range upside down, is one question.
    const bool countable = asked.last != kToTheEnd && asked.last >= asked.first;
    const auto count = countable ? std::min(asked.last - asked.first, kRefusals - 1) + 1 : 1;
    for (std::uint32_t i = 0; i < count && resends_.size() < kResendsWaiting; ++i) {
        resends_.push_back(
            {{make_refusal(asked.block_id, asked.first + i, status, settings.cut, flags), to_ip}, nullptr});
    }
}

std::optional<Time> Transmitter::deadline() const {
    if (!resends_.empty()) return due_;
    if (sent_ == blocks_.size()) return std::nullopt;
    return std::max(due_, blocks_[sent_].start);
}

std::vector<Transmitter::Outgoing> Transmitter::take(Time now) {
    std::vector<Outgoing> out;
    const auto due = deadline();
    if (!due || now < *due) return out;
    Time used{};
    // Resent packets go between those of the block under way, not before them: half of a burst at the most.
    const auto resend_share = sent_ == blocks_.size() ? kBurst : kBurst / 2;
    while (!resends_.empty() && used < resend_share) {
        const auto& again = resends_.front().outgoing;
        used += slot(again.packet.size_bytes(), resend_pace_);
        out.push_back(again);
        resends_.pop_front();
        ++packets_resent_;
    }
    // Where gaps make one packet longer than a burst, both take turns.
    for (bool is_first = true; sent_ < blocks_.size() && (is_first || used < kBurst); is_first = false) {
        auto& queued = blocks_[sent_];
        if (queued.start > now) break;
        out.push_back({make_packet(queued.block, queued.settings.cut, queued.next_packet), 0});
        used += slot(out.back().packet.size_bytes(), queued.settings.pace);
        if (++queued.next_packet == queued.packets) ++sent_;
    }
    due_ = std::max(*due, now - kCatchUp) + used;
    return out;
}

}  // namespace protocol::gvsp
