#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "protocol/gvcp/codec.h"
#include "protocol/gvsp/block.h"
#include "protocol/gvsp/pacing.h"

namespace protocol::gvsp {

/// Time that a block with so many bytes of payload keeps the wire busy, its leader and its trailer included.
[[nodiscard]] Time transfer_time(std::size_t payload_bytes, const Cut&, const Pace&);

/// Sends blocks packet by packet at the pace of the wire, and keeps the last ones to send parts of them
/// again.
///
/// Owns no socket and no timer: `deadline()` says when the next packets are due, and `take(now)` gives them.
/// They point into blocks that stay valid until the next call.
class Transmitter {
  public:
    struct Outgoing {
        Packet packet;
        std::uint32_t to_ip = 0;  // 0: the channel's destination
    };
    struct Settings {
        Cut cut;
        Pace pace;
        bool extended_status = false;  // GVCP's status codes of version 1.1 are enabled
        bool resend_to_requester = false;
    };
    /// A frame that the wire is too slow for waits; beyond so many, new ones are dropped.
    static constexpr std::size_t kBlocksWaiting = 32;
    /// What is kept for resends, in bytes of payload and in blocks.
    static constexpr std::size_t kHistoryBytes = 48 << 20, kHistoryBlocks = 256;
    static constexpr std::size_t kResendsWaiting = 16384;
    /// Packets leave in bursts of about this length, so that a small receive buffer holds two of them.
    static constexpr Time kBurst = std::chrono::microseconds(500);

    /// Forgets everything.
    void restart();
    /// Takes a block to be sent from `start` on. False: there was no room, and it is lost.
    bool submit(Block block, Time start, const Settings& settings);
    /// Forgets the blocks of which nothing has left, and says which. The next one tells that they are
    /// missing.
    std::vector<std::uint64_t> abandon_waiting();
    /// Serves a resend request, or says why not; what cannot be served is refused packet by packet.
    void resend(const gvcp::Resend&, const Settings& settings);

    [[nodiscard]] std::optional<Time> deadline() const;
    /// The packets that are due, at most one burst.
    [[nodiscard]] std::vector<Outgoing> take(Time now);

    [[nodiscard]] std::uint64_t blocks_dropped() const { return blocks_dropped_; }
    [[nodiscard]] std::uint64_t packets_resent() const { return packets_resent_; }
    /// Payload that is kept: blocks that wait, and those that were sent.
    [[nodiscard]] std::size_t history_bytes() const { return history_bytes_; }

  private:
    struct Queued {
        Block block;
        Settings settings;
        Time start{};
        std::uint32_t next_packet = 0;
        std::uint32_t packets = 0;
        [[nodiscard]] bool sent() const { return next_packet == packets; }
    };
    struct Again {
        Outgoing outgoing;
        const Queued* of = nullptr;  // whose payload it points into; nothing for a refusal
    };
    void refuse(const gvcp::Resend&, const Settings&, Status, std::uint16_t flags = 0);
    [[nodiscard]] Queued* find(std::uint64_t id);
    /// Whether a block that is not known has still to come.
    [[nodiscard]] bool is_to_come(std::uint64_t id) const;
    void forget_old();

    std::deque<Queued> blocks_;  // in order of id; sent ones first
    std::size_t sent_ = 0;       // how many of them are sent
    std::size_t history_bytes_ = 0;
    std::deque<Again> resends_;
    Time due_{};
    Pace resend_pace_;
    bool dropped_last_ = false;
    std::uint64_t blocks_dropped_ = 0, packets_resent_ = 0;
};

}  // namespace protocol::gvsp
