#include "emulator/testbench/block_log.h"

#include <algorithm>

#include "emulator/testbench/fault_names.h"

namespace emulator::testbench {

void BlockLog::exposed(const acquisition::Frame& frame, std::uint64_t block_id, std::uint64_t ticks,
                       protocol::Time host) {
    if (block_id == 0) return;
    blocks_.push_back({.frame = frame.number,
                       .block_id = block_id,
                       .trigger = frame.trigger,
                       .ticks = ticks,
                       .begun = host});
    note(blocks_.back());
    if (blocks_.size() <= kBlocksKept) return;
    blocks_.pop_front();
    ++forgotten_;
}

void BlockLog::dropped(std::uint64_t frame, acquisition::DropCause cause) {
    const auto found = std::ranges::find(blocks_, frame, &BlockRecord::frame);
    if (found == blocks_.end()) return;
    found->dropped = cause;
    note(*found);
}

void BlockLog::note(BlockRecord& block) {
    block.revision = ++revision_;
    changed_();
}

BlockRecord* BlockLog::find(std::uint64_t block_id, protocol::Time begun_by) {
    const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(), [&](const BlockRecord& one) {
        return one.block_id == block_id && one.begun <= begun_by;
    });
    return found == blocks_.rend() ? nullptr : &*found;
}

void BlockLog::sent(const net::BlockSent& more, const MomentOf& moment_of) {
    auto* block = more.packets > 0 ? find(more.block_id, more.first) : find(more.block_id);
    if (block == nullptr) return;
    auto& all = block->sent;
    if (more.packets > 0) {
        if (all.packets == 0) block->first = moment_of(all.first = more.first);
        block->last = moment_of(all.last = more.last);
    }
    all.packets += more.packets;
    all.resend_requests += more.resend_requests;
    all.packets_resent += more.packets_resent;
    all.packets_refused += more.packets_refused;
    note(*block);
}

void BlockLog::touched(std::uint64_t block_id, std::string_view fault) {
    auto* block = find(block_id);
    if (block != nullptr && add_fault(block->fault, fault)) note(*block);
}

}  // namespace emulator::testbench
