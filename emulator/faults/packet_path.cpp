#include "emulator/faults/packet_path.h"

#include <algorithm>
#include <utility>

namespace emulator::faults {
namespace {

using protocol::gvsp::Transmitter;

/// How long a packet waits at most for those behind which it is to leave.
constexpr Time kBehindMost = std::chrono::milliseconds(20);
/// Blocks whose packets can still be sent, or sent again.
constexpr std::size_t kBlocksKept = Transmitter::kHistoryBlocks + Transmitter::kBlocksWaiting;
constexpr std::size_t kSendingsKept = 65'536;

protocol::Bytes changed(protocol::Bytes datagram, const std::vector<std::size_t>& flipped) {
    for (const auto bit : flipped) {
        if (bit / 8 < datagram.size()) datagram[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> bit % 8);
    }
    return datagram;
}

}  // namespace

void PacketPath::set(StreamFaults faults) {
    silent_ = faults.silent;
    now_ = faults.of_blocks.empty() ? nullptr : std::make_shared<const Faults>(std::move(faults.of_blocks));
}

void PacketPath::submitted(std::uint64_t block_id) {
    if (!blocks_.empty()) std::erase_if(blocks_, [=](const auto& one) { return one.first == block_id; });
    if (!now_) return;
    blocks_.emplace_back(block_id, now_);
    if (blocks_.size() > kBlocksKept) blocks_.pop_front();
}

void PacketPath::restart() {
    blocks_.clear();
    sendings_.clear();
    held_.clear();
    behind_.clear();
    held_bytes_ = 0;
    last_due_ = {};
}

const PacketPath::Faults* PacketPath::faults_of(std::uint64_t block_id) const {
    const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                    [=](const auto& one) { return one.first == block_id; });
    return found == blocks_.rend() ? nullptr : found->second.get();
}

std::uint32_t PacketPath::count_sending(const protocol::gvsp::PacketId& id, bool again) {
    if (!again) return 0;
    if (sendings_.size() >= kSendingsKept) sendings_.clear();
    return ++sendings_[{id.block, id.packet}];
}

void PacketPath::pass(const Outgoing& outgoing, Time now, const Leave& leave_now) {
    if (silent_) return;
    if (blocks_.empty() && empty()) return leave_now(outgoing);
    const auto id = protocol::gvsp::packet_id(outgoing.packet);
    PacketFate fate;
    if (const auto* faults = faults_of(id.block)) {
        const SentPacket packet{.id = id,
                                .udp_bytes = outgoing.packet.size_bytes(),
                                .sending = count_sending(id, outgoing.kind != Outgoing::Kind::first)};
        for (const auto& fault : *faults) {
            if (fault->in_force()) fault->on_packet(packet, fate);
        }
    }
    if (fate.untouched()) {
        // None overtakes what keeps its place.
        if (now >= last_due_) {
            leave_now(outgoing);
            return passed(leave_now);
        }
        return hold({.datagram = outgoing.packet.flat(),
                     .to_ip = outgoing.to_ip,
                     .block_id = outgoing.block_id,
                     .kind = outgoing.kind},
                    last_due_);
    }
    if (fate.lost) return;
    last_due_ = std::max(last_due_, now + fate.queued);
    const Held held{.datagram = changed(outgoing.packet.flat(), fate.flipped),
                    .to_ip = outgoing.to_ip,
                    .block_id = outgoing.block_id,
                    .kind = outgoing.kind,
                    .behind = fate.behind};
    const auto due = std::max(last_due_, now) + fate.delay;
    for (std::uint32_t i = 0; i < fate.copies; ++i) {
        if (held_bytes_ >= kHeldBytes || (due <= now && held.behind == 0)) {
            leave(held, leave_now);
            passed(leave_now);
        } else if (held.behind > 0) {
            behind_.emplace_back(due + kBehindMost, held);
            held_bytes_ += held.datagram.size();
        } else {
            hold(held, due);
        }
    }
}

void PacketPath::hold(Held held, Time due) {
    held_bytes_ += held.datagram.size();
    held_.emplace(due, std::move(held));
}

void PacketPath::leave(Held held, const Leave& leave_now) {
    Outgoing outgoing{.packet = {}, .to_ip = held.to_ip, .block_id = held.block_id, .kind = held.kind};
    copies_.push_back(std::move(held.datagram));
    outgoing.packet.data = copies_.back();
    leave_now(outgoing);
}

/// A packet has left: those that waited for it come closer.
void PacketPath::passed(const Leave& leave_now) {
    if (behind_.empty()) return;
    std::vector<Held> free;
    std::erase_if(behind_, [&](auto& one) {
        if (--one.second.behind > 0) return false;
        held_bytes_ -= one.second.datagram.size();
        free.push_back(std::move(one.second));
        return true;
    });
    for (auto& one : free) leave(std::move(one), leave_now);
}

void PacketPath::release(Time now, const Leave& leave_now) {
    while (!held_.empty() && held_.begin()->first <= now) {
        auto node = held_.extract(held_.begin());
        held_bytes_ -= node.mapped().datagram.size();
        if (silent_) continue;
        leave(std::move(node.mapped()), leave_now);
        passed(leave_now);
    }
    std::erase_if(behind_, [&](auto& one) {
        if (one.first > now) return false;
        held_bytes_ -= one.second.datagram.size();
        if (!silent_) leave(std::move(one.second), leave_now);
        return true;
    });
}

bool PacketPath::loses_test_packet(std::size_t ip_bytes) const {
    bool lost = silent_;
    if (!now_) return lost;
    for (const auto& fault : *now_) lost |= fault->loses_test_packet(ip_bytes);
    return lost;
}

ResendFate PacketPath::judge(const protocol::gvcp::Resend& asked) const {
    ResendFate fate{.asked = asked};
    if (silent_) fate.ignored = true;
    if (const auto* faults = faults_of(asked.block_id)) {
        for (const auto& fault : *faults) {
            if (fault->in_force()) fault->on_resend(fate);
        }
    }
    return fate;
}

std::optional<Time> PacketPath::deadline() const {
    std::optional<Time> due;
    if (!held_.empty()) due = held_.begin()->first;
    for (const auto& one : behind_) due = due ? std::min(*due, one.first) : one.first;
    return due;
}

}  // namespace emulator::faults
