#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "emulator/acquisition/output.h"
#include "emulator/net/block_tally.h"

namespace emulator::testbench {

/// A moment by the camera's clock, and in UNIX time.
struct BlockMoment {
    std::uint64_t ticks = 0;
    std::int64_t unix_ns = 0;
};

/// What became of the block of one frame.
struct BlockRecord {
    std::uint64_t frame = 0, block_id = 0, trigger = 0;
    std::uint64_t ticks = 0;      // of the camera's clock, when its exposure began
    net::BlockSent sent{};        // all of it
    BlockMoment first{}, last{};  // of its packets, if any were sent
    protocol::Time begun{};       // when it began, in host time
    std::optional<acquisition::DropCause> dropped{};
    std::string fault{};         // names with commas between
    std::uint64_t revision = 0;  // of the log, when this last changed
};

/// Summaries of the last blocks. Belongs to the thread that owns the camera.
class BlockLog {
  public:
    static constexpr std::size_t kBlocksKept = 1024;
    using MomentOf = std::function<BlockMoment(protocol::Time host)>;

    void exposed(const acquisition::Frame&, std::uint64_t block_id, std::uint64_t ticks, protocol::Time host);
    void dropped(std::uint64_t frame, acquisition::DropCause);
    /// Adds what was sent of the newest block with that id whose exposure had begun by then: ids begin anew
    /// with each opening of the channel.
    void sent(const net::BlockSent&, const MomentOf&);
    /// A fault has touched the newest block with that id.
    void touched(std::uint64_t block_id, std::string_view fault);
    void forget() { blocks_.clear(); }

    /// The oldest first.
    [[nodiscard]] const std::deque<BlockRecord>& blocks() const { return blocks_; }
    /// Blocks that gave way to newer ones since power-up.
    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }
    /// Counts all changes.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }
    /// Called at each change.
    void on_change(std::function<void()> told) { changed_ = std::move(told); }

  private:
    void note(BlockRecord&);
    [[nodiscard]] BlockRecord* find(std::uint64_t block_id, protocol::Time begun_by = protocol::Time::max());

    std::deque<BlockRecord> blocks_;
    std::uint64_t forgotten_ = 0, revision_ = 0;
    std::function<void()> changed_ = [] {};
};

}  // namespace emulator::testbench
