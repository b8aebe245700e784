#include "tests/world/laws/resend_law.h"

#include <algorithm>

namespace world {
namespace {

/// As docs say: so many blocks are kept, so many packets wait.
constexpr std::size_t kBlocksKept = 256, kPacketsWaiting = 16384;
constexpr std::uint32_t kRefusals = 64;
constexpr Time kPatience = 3s;

}  // namespace

void ResendLaw::forget() {
    owed_.clear();
    openings_ = scene_.promises.stream_openings;
}

// Of a unicast stream the destination's address may ask, from any port; of a multicast stream the controlling
// application's.
bool ResendLaw::served(Endpoint from) const {
    const auto& promises = scene_.promises;
    if (promises.stream.multicast()) return promises.owner && from.ip == promises.owner->ip;
    return from.ip == promises.stream.ip;
}

void ResendLaw::before(const Command& command) {
    if (openings_ != scene_.promises.stream_openings) forget();
    if (!command.is(kResend) || !scene_.promises.stream.open()) return;
    if (!served(command.from)) return;
    const bool extended = command.flags & 0x10;
    if (command.payload.size() != (extended ? 20 : 12) || number_at(command.payload, 0, 2) != 0) return;
    const std::uint64_t mask = extended ? 0xFFFF'FFFF : 0xFF'FFFF;
    const auto first = number_at(command.payload, 4, 4) & mask;
    auto last = number_at(command.payload, 8, 4) & mask;
    if (last == mask) last = 0xFFFF'FFFF;
    const auto block = extended ? number_at(command.payload, 12, 8) : number_at(command.payload, 2, 2);
    ask(block, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last));
}

void ResendLaw::ask(std::uint64_t id, std::uint32_t first, std::uint32_t last) {
    const auto& blocks = stream_.blocks();
    const auto* block = stream_.find(id);
    const auto until = std::max(scene_.now(), scene_.slack) + kPatience;
    bool kept = false;
    if (block != nullptr) {
        const auto age = static_cast<std::size_t>(
            &blocks.back() == block ? 0 : std::count_if(blocks.begin(), blocks.end(), [&](const auto& one) {
                return one.stamp > block->stamp;
            }));
        kept = age < kBlocksKept - 1;
    }
    const auto end = kept ? std::min(last, block->next - 1) : 0;
    const auto add = [&](Owed owed) {
        // Where ids were made to come again, one may name a block that was not sent yet.
        const bool ambiguous = scene_.camera->camera.disturbance().blocks_before_wrap.has_value();
        // Of a multicast stream a requester gets as many packets a second as a block has.
        const bool rationed = scene_.promises.stream.multicast();
        if (owed_.size() >= kPacketsWaiting || ambiguous || rationed) owed.promised = false;
        if (owed_.size() < 4 * kPacketsWaiting) owed_.push_back(owed);
    };
    auto packet = first;
    for (; kept && block->next > 0 && packet <= end; ++packet)
        add({.block = id, .packet = packet, .available = true, .promised = true, .until = until});
    // What is not available may be refused.
    const bool whole = kept && block->sent();
    if (whole && first <= end && (last == 0xFFFF'FFFF || last <= end)) return;
    const bool reversed = last < packet || (last == 0xFFFF'FFFF && whole);
    const auto more = reversed ? 0 : std::min(last - packet, kRefusals - 1);
    const bool promised = whole && first < block->count && last >= block->count;
    for (std::uint32_t i = 0; i <= more; ++i)
        add({.block = id, .packet = packet + i, .promised = promised, .until = until});
}

// One that is to be answered in this way, if there is any; else one that may be answered at all.
std::deque<ResendLaw::Owed>::iterator ResendLaw::find(std::uint64_t block, std::uint32_t packet,
                                                      bool available) {
    const auto is = [&](const Owed& owed) { return owed.block == block && owed.packet == packet; };
    const auto promised = std::ranges::find_if(
        owed_, [&](const Owed& owed) { return is(owed) && owed.promised && owed.available == available; });
    return promised != owed_.end() ? promised : std::ranges::find_if(owed_, is);
}

void ResendLaw::streams(ByteView datagram, Endpoint) {
    if (openings_ != scene_.promises.stream_openings) forget();
    const auto packet = support::parse_stream_packet(datagram);
    if (packet.block_id == 0 || stream_.was_first()) return;
    const bool refusal = packet.status & 0x8000;
    const auto found = find(packet.block_id, packet.packet_id, !refusal);
    if (found == owed_.end() && scene_.now() < scene_.sending_fails_until) return;
    require(found != owed_.end(), "resends to whom it is due", [&] {
        return std::string(refusal ? "a refusal" : "a resend") + " of packet " +
               std::to_string(packet.packet_id) + " of block " + std::to_string(packet.block_id) +
               " that nobody could ask for";
    });
    require(!refusal || !found->available || !found->promised, "resends as promised", [&] {
        return "packet " + std::to_string(packet.packet_id) + " of block " + std::to_string(packet.block_id) +
               " is refused and was kept";
    });
    if (!refusal) judge_again(packet, *found);
    owed_.erase(found);
}

void ResendLaw::judge_again(const support::StreamPacket& packet, const Owed& owed) const {
    const auto* block = stream_.find(owed.block);
    if (block == nullptr) return;
    if (scene_.now() < scene_.sending_fails_until) return;
    require(owed.packet < block->next, "resends as promised", "a packet is sent again that was not sent yet");
    const bool known = block->part_bytes != 0 && (block->sent() || owed.packet > 0);
    if (!known) return;
    require(packet.content == block->content(owed.packet), "no block with wrong bytes", [&] {
        return "a resend of packet " + std::to_string(owed.packet) + " of block " +
               std::to_string(owed.block) + " holds other bytes than the first time";
    });
    require(!packet.extended || (packet.flags & 1), "resends as promised", "a resend is not marked as one");
}

void ResendLaw::settles() {
    if (openings_ != scene_.promises.stream_openings || !scene_.promises.stream.open()) forget();
    while (!owed_.empty() && scene_.now() > std::max(owed_.front().until, scene_.slack)) {
        const auto& owed = owed_.front();
        require(!owed.promised || scene_.now() < scene_.sending_fails_until, "resends as promised", [&] {
            return "packet " + std::to_string(owed.packet) + " of block " + std::to_string(owed.block) +
                   (owed.available ? " was asked for and not sent again" : " was asked for and not refused");
        });
        owed_.pop_front();
    }
}

}  // namespace world
