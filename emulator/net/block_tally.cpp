#include "emulator/net/block_tally.h"

#include <algorithm>
#include <utility>

namespace emulator::net {
namespace {

constexpr Time kBetweenTallies = std::chrono::milliseconds(20);

}  // namespace

BlockSent* BlockTally::find(std::uint64_t block_id) {
    if (last_ < blocks_.size() && blocks_[last_].block_id == block_id) return &blocks_[last_];
    const auto found = std::ranges::find(blocks_, block_id, &BlockSent::block_id);
    if (found == blocks_.end() && blocks_.size() >= kBlocks) return nullptr;
    last_ = static_cast<std::size_t>(found - blocks_.begin());
    if (found == blocks_.end()) blocks_.push_back({.block_id = block_id});
    return &blocks_[last_];
}

void BlockTally::sent(const protocol::gvsp::Transmitter::Outgoing& packet, Time now) {
    using Kind = protocol::gvsp::Transmitter::Outgoing::Kind;
    auto* one = find(packet.block_id);
    if (one == nullptr) return;
    if (packet.kind != Kind::first) {
        ++(packet.kind == Kind::again ? one->packets_resent : one->packets_refused);
        return;
    }
    if (one->packets++ == 0) one->first = now;
    one->last = now;
}

std::vector<BlockSent> BlockTally::take(Time now) {
    next_ = now + kBetweenTallies;
    return std::exchange(blocks_, {});
}

std::vector<BlockSent> BlockTally::restart() {
    next_ = {};
    return std::exchange(blocks_, {});
}

}  // namespace emulator::net
