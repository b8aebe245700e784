#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "protocol/gvcp/codec.h"
#include "protocol/gvsp/block.h"
#include "protocol/gvsp/pacing.h"
#include "protocol/gvsp/resend_quota.h"

namespace protocol::gvsp {

/// Time that a block with so many bytes of payload keeps the wire busy, its leader and its trailer included.
[[nodiscard]] Time transfer_time(std::size_t payload_bytes, const PacketLayout&, const Pace&);

/// GVSP transmitter: sends blocks packet by packet at the rate of the link, and keeps the last ones for
/// packet resend.
///
/// Owns no socket and no timer: `deadline()` says when the next packets are due, and `take(now)` gives them.
/// They point into blocks that stay valid until the next call.
class Transmitter {
  public:
    struct Outgoing {
        enum class Kind : std::uint8_t { first, again, refusal };
        Packet packet;
        std::uint32_t to_ip = 0;  // 0: the channel's destination
        std::uint64_t block_id = 0;
        Kind kind = Kind::first;
        bool last = false;  // of its block, when it is sent for the first time
    };
    struct Settings {
        PacketLayout layout = {};
        Pace pace = {};
        bool extended_status = false;  // GVCP's status codes of version 1.1 are enabled
        bool resend_to_requester = false;
        bool resend_quota = false;  // each requester gets at most the packets of one block a second
        [[nodiscard]] std::size_t udp_bytes() const { return layout.packet_size_bytes - kIpUdpHeaderBytes; }
    };
    /// Packets since it was made.
    struct Counts {
        std::uint64_t packets = 0;  // of blocks, without those sent again
        std::uint64_t resend_requests = 0, packets_resent = 0, packets_refused = 0;
    };
    /// Blocks that wait for the link; more are dropped. Together with those kept for resends they take at
    /// most 256 MB.
    static constexpr std::size_t kBlocksWaiting = 20;
    /// Blocks kept for packet resend, in bytes of payload and in number.
    static constexpr std::size_t kHistoryBytes = 48 << 20, kHistoryBlocks = 256;
    static constexpr std::size_t kResendsWaiting = 16384;
    /// Share of the link while blocks are under way: one part for resent packets, so many for blocks.
    static constexpr int kPartsOfBlocks = 4;
    /// Refused requests for blocks that no client can have missed; more are not answered.
    static constexpr int kStrangeRequests = 16;

    /// Discards all blocks and requests. Returns the frames of the blocks that are not sent whole.
    std::vector<std::uint64_t> restart();
    /// Queues a block to be sent from `start` on. False if the queue is full; the block is dropped then.
    bool submit(Block block, Time start, const Settings& settings);
    /// Discards the blocks of which no packet has left, and returns them. The next block carries the flag
    /// that they are missing.
    std::vector<std::uint64_t> abandon_waiting();
    /// Serves a resend request, or returns why not; packets that are not available are refused one by one.
    void resend(const gvcp::Resend&, const Settings& settings, Time now);

    /// Refuses the packets of a resend request one by one, whether they are available or not.
    void deny(const gvcp::Resend&, const Settings& settings, Status);

    /// Whether a datagram that begins like this is a packet of a block, and was sent since the restart. The
    /// beginning holds a whole header at least.
    [[nodiscard]] bool has_sent(ByteView beginning) const;

    /// No block waits, and none is under way.
    [[nodiscard]] bool all_sent() const { return sent_ == blocks_.size(); }
    [[nodiscard]] std::optional<Time> deadline() const;
    /// The packets that are due, at most one burst.
    [[nodiscard]] std::vector<Outgoing> take(Time now);

    [[nodiscard]] const Counts& counts() const { return counts_; }
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
    void serve(const Queued&, const gvcp::Resend&, const Settings&);
    void queue(const Again&);
    void refuse_block(const gvcp::Resend&, const Settings&);
    void refuse(const gvcp::Resend&, const Settings&, Status, std::uint16_t flags = 0);
    [[nodiscard]] Queued* find(std::uint64_t id);
    [[nodiscard]] std::int64_t ahead(std::uint64_t id) const;
    void forget_old();

    [[nodiscard]] bool block_is_due(Time now) const;
    [[nodiscard]] bool resend_is_next(Time now) const;
    [[nodiscard]] const Settings& next_settings(Time now) const;
    [[nodiscard]] Outgoing next_packet(Time now) const;
    void pass(Time used, Time now);
    void keep_pace(Time due, Time now, Time used, const Bundling&);

    std::deque<Queued> blocks_;  // in order of id; sent ones first
    std::size_t sent_ = 0;       // how many of them are sent
    std::size_t history_bytes_ = 0;
    std::deque<Again> resends_;
    Settings resend_settings_;
    ResendQuota quota_;
    std::size_t resends_end_ = kResendsWaiting;  // how many may wait once the request at hand is served
    int strange_requests_ = 0;
    Time due_{};
    Time behind_{};       // delay of the blocks that is not made up for
    Time resend_lead_{};  // time that resent packets used beyond their share
    bool dropped_last_ = false;
    Counts counts_;
};

}  // namespace protocol::gvsp
