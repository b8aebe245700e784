#pragma once

#include <deque>

#include "tests/support/received_block.h"
#include "tests/world/laws/law.h"

namespace world {

/// Every packet goes where the controlling application wants it and holds the bytes of its frame; blocks and
/// stamps are in order; a frame that is not sent is reported with a cause.
class StreamLaw final : public Law {
  public:
    using Law::Law;
    /// A block as it left, and what it has to be.
    struct Block {
        std::uint64_t id = 0, stamp = 0;
        Bytes payload;
        std::uint32_t next = 0;   // packet that was not sent yet
        std::uint32_t count = 0;  // of its packets, once that is known
        std::size_t part_bytes = 0;
        Bytes leader, trailer;
        [[nodiscard]] bool sent() const { return count != 0 && next == count; }
        /// As a resend has to repeat it.
        [[nodiscard]] Bytes content(std::uint32_t packet) const;
    };

    void starts() override;
    void after(const Reaction&) override;
    void streams(ByteView, Endpoint to) override;
    void makes(const emulator::FrameRequest&, const Bytes& payload) override;
    void puts_out(const emulator::acquisition::Output&, std::uint64_t block_id) override;
    void settles() override;

    /// The clock was stepped: stamps may go back.
    void clock_stepped() { stepped_at_ = scene_.camera->now(); }
    /// Ids of blocks go on there.
    void ids_jump(std::uint64_t to) { jumps_.push_back(to); }
    /// Blocks of this opening of the channel, in order; the newest ones.
    [[nodiscard]] const std::deque<Block>& blocks() const { return blocks_; }
    [[nodiscard]] const Block* find(std::uint64_t id) const;
    /// The host did not take its leader: what it is cannot be known.
    [[nodiscard]] bool headless(std::uint64_t id) const;
    /// The last packet that left was sent for the first time.
    [[nodiscard]] bool was_first() const { return was_first_; }
    [[nodiscard]] std::uint64_t complete() const { return complete_; }

  private:
    static constexpr std::size_t kBlocksRemembered = 300, kDropsRemembered = 2000;
    struct Frame {
        std::uint64_t number = 0, stamp = 0;
        Time made{};
        emulator::ImageFormat image;
        Bytes payload;
    };
    void restart();
    void begin(const support::StreamPacket&);
    void go_on(Block&, const support::StreamPacket&);
    void judge_leader(const support::StreamPacket&, const Frame&) const;
    void judge_order(std::uint64_t id);
    [[nodiscard]] bool begins(const support::StreamPacket& leader) const;
    /// A block before this one of which nothing is known.
    [[nodiscard]] std::optional<std::uint64_t> first_unexplained(std::uint64_t id);
    /// The first from a block to another one that was not reported as dropped.
    [[nodiscard]] std::uint64_t first_not_dropped(std::uint64_t from, std::uint64_t to) const;
    [[nodiscard]] bool without_leader(const support::StreamPacket&);
    [[nodiscard]] std::uint64_t following(std::uint64_t id) const;

    std::deque<Frame> frames_;  // that were made, and neither sent nor dropped
    std::deque<Block> blocks_;
    std::deque<std::uint64_t> dropped_;  // blocks, as reported
    std::deque<std::uint64_t> headless_;
    std::uint64_t last_id_ = 0, last_stamp_ = 0, openings_ = 0, complete_ = 0;
    Time stepped_at_{}, last_start_{};
    std::deque<std::uint64_t> jumps_;
    std::uint64_t unsent_ = 0;  // packets that the host did not take, as far as they were missed
    bool was_first_ = false;
};

}  // namespace world
