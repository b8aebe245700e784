#pragma once

#include <vector>

#include "protocol/gvsp/transmitter.h"

namespace emulator::net {

using protocol::Time;

/// What was sent of a block, in host time, since the last time that it was told.
struct BlockSent {
    std::uint64_t block_id = 0;
    std::uint64_t packets = 0;  // without those sent again
    Time first{}, last{};       // of these packets, if there are any: when they were handed to the socket
    std::uint64_t resend_requests = 0, packets_resent = 0, packets_refused = 0;
};

/// Tally of packets by block, of the sender's thread: no lock, and no work for a packet but an addition.
class BlockTally {
  public:
    /// Blocks at a time; requests for more are not counted by block.
    static constexpr std::size_t kBlocks = 64;

    void asked(std::uint64_t block_id) {
        if (auto* one = find(block_id)) ++one->resend_requests;
    }
    void sent(const protocol::gvsp::Transmitter::Outgoing&, Time now);
    /// It is time to tell: nothing more is to be sent, or another block has begun; 50 times a second while
    /// both go on.
    [[nodiscard]] bool due(Time now, bool idle) const {
        return !blocks_.empty() && (idle || (blocks_.size() > 1 && now >= next_));
    }
    [[nodiscard]] std::vector<BlockSent> take(Time now);
    /// What is left to tell of blocks that end here.
    [[nodiscard]] std::vector<BlockSent> restart();

  private:
    [[nodiscard]] BlockSent* find(std::uint64_t block_id);

    std::vector<BlockSent> blocks_;
    std::size_t last_ = 0;  // the one found last
    Time next_{};
};

}  // namespace emulator::net
