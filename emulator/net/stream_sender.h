#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "emulator/acquisition/sequencer.h"
#include "emulator/net/faults/loss.h"
#include "emulator/net/interface.h"
#include "emulator/net/packet_batch.h"
#include "emulator/profile.h"
#include "emulator/sim/wall.h"
#include "protocol/gvsp/transmitter.h"

namespace emulator::net {

/// Carries the packets of a transmitter to a connected UDP socket, on a thread of its own that obeys the
/// transmitter's times. The owner's thread talks to it through a queue of orders.
class StreamSender {
  public:
    struct Options {
        Interface interface;
        Link link;
        sim::Wall wall;
        // Called on the sender's thread: nobody listens at the client's port; a block is not sent.
        std::function<void()> refused;
        std::function<void(std::uint64_t block_id, acquisition::DropCause)> lost;
    };

    /// Throws std::system_error if the socket cannot be had.
    explicit StreamSender(Options options);
    ~StreamSender();
    StreamSender(const StreamSender&) = delete;
    StreamSender& operator=(const StreamSender&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

    void open(const protocol::StreamChannelSettings&);
    void close();
    void submit(protocol::gvsp::Block, protocol::Time start, const protocol::gvsp::Transmitter::Settings&);
    void abandon_waiting();
    void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&);
    void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&);

  private:
    using Order = std::function<void()>;
    void order(Order);
    void run();
    [[nodiscard]] bool wait_for_work(std::unique_lock<std::mutex>&);
    void send_due();
    void send_batch(const std::vector<protocol::gvsp::Transmitter::Outgoing>&);
    void send_to_other(const protocol::gvsp::Transmitter::Outgoing&) const;
    void connect_to(const protocol::StreamChannelSettings&);
    void allow_fragments(bool allowed) const;
    [[nodiscard]] bool swallow_incoming() const;

    Options options_;
    int socket_ = -1;
    std::uint16_t port_ = 0;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Order> orders_;
    bool ends_ = false;

    // Only the sender's thread touches these.
    protocol::gvsp::Transmitter transmitter_;
    PacketBatch batch_;
    faults::Loss loss_;
    protocol::StreamChannelSettings target_;
    std::thread thread_;
};

}  // namespace emulator::net
