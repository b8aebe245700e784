#pragma once

#include <functional>
#include <map>

#include "emulator/acquisition/sequencer.h"
#include "emulator/faults/packet_path.h"
#include "emulator/net/block_tally.h"
#include "emulator/net/packet_batch.h"
#include "emulator/net/stream_counts.h"
#include "emulator/net/stream_socket.h"
#include "protocol/gvsp/transmitter.h"
#include "protocol/time.h"

namespace emulator::net {

using protocol::Time;

/// The stream channel's end of the network: carries the packets of a transmitter to a socket.
///
/// Owns no thread and no timer: `deadline()` says when the next packets are due, and `send_due(now)` sends
/// them.
class StreamChannel {
  public:
    /// Handlers of the channel.
    struct Told {
        std::function<void()> refused;  // ICMP port unreachable from the client's host
        /// The errno for which packets do not leave, or 0 once they do again.
        std::function<void(int error)> unreachable;
        /// A block is not sent, or not whole.
        std::function<void(std::uint64_t block_id, acquisition::DropCause)> lost;
        /// The frames of blocks that were not sent whole before the channel was opened anew or closed.
        std::function<void(std::vector<std::uint64_t> frames)> cut_off = [](const auto&) {};
        /// What was sent of blocks since the last time.
        std::function<void(std::vector<BlockSent>)> sent = [](const auto&) {};
    };

    StreamChannel(StreamSocket& socket, bool offload, StreamCounts& counts, Told told)
        : socket_(socket), counts_(counts), told_(std::move(told)), batch_(offload) {}

    /// Who is told of all packets that leave, and from where they do.
    void tap(PacketTap* tap, protocol::Endpoint own) { route_ = {.tap = tap, .from = own}; }
    /// Sets the destination of the stream. Blocks that wait are discarded.
    void open(const protocol::StreamChannelSettings&);
    void close();
    void submit(protocol::gvsp::Block, Time start, const protocol::gvsp::Transmitter::Settings&);
    /// Discards the blocks of which nothing was sent yet.
    void abandon_waiting();
    void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&, Time now);
    /// Sends a test packet. One that is larger than the MTU is not sent.
    void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&);

    void set_faults(faults::StreamFaults faults) { path_.set(std::move(faults)); }

    [[nodiscard]] const protocol::StreamChannelSettings& target() const { return target_; }
    [[nodiscard]] bool all_sent() const { return transmitter_.all_sent() && path_.empty(); }
    [[nodiscard]] std::optional<Time> deadline() const;
    void send_due(Time now);

  private:
    void restart();
    void connect();
    [[nodiscard]] bool connected() const { return target_.open() && error_ == 0; }
    void serve_resends(Time now);
    void send(const std::vector<protocol::gvsp::Transmitter::Outgoing>&, Time now);
    void leave(const protocol::gvsp::Transmitter::Outgoing&);
    void send_to_other(const protocol::gvsp::Transmitter::Outgoing&);
    void hear_errors();
    void tell_sent(Time now);
    void lose(const PacketBatch::Unsent&);
    void count_blocks(const std::vector<protocol::gvsp::Transmitter::Outgoing>&);

    StreamSocket& socket_;
    StreamCounts& counts_;
    Told told_;
    protocol::gvsp::Transmitter transmitter_;
    PacketBatch batch_;
    faults::PacketPath path_;
    struct LateRequest {
        faults::ResendFate fate;
        protocol::gvsp::Transmitter::Settings settings;
    };
    std::multimap<Time, LateRequest> late_requests_;
    BlockTally tally_;
    std::vector<std::uint64_t> broken_;  // blocks under way that are told as lost
    TappedRoute route_;
    protocol::StreamChannelSettings target_;
    int error_ = 0;               // why the socket is not connected to it
    std::optional<Time> listen_;  // when ICMP reports on the last packets are read
};

}  // namespace emulator::net
