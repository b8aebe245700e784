#pragma once

#include <asio/io_context.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "emulator/net/interface.h"
#include "emulator/net/stream_channel.h"
#include "emulator/net/udp_stream_socket.h"
#include "emulator/sim/host_clock.h"
#include "protocol/time.h"

namespace emulator::net {

/// Stream sender: runs a stream channel on its own thread, at the channel's deadlines. The owner's thread
/// passes orders through a queue.
class StreamSender {
  public:
    struct Options {
        Interface interface;
        std::uint16_t port = 0;  // to send from; 0: any that is free
        Link link;
        sim::HostClock host_clock;
        StreamCounts* counts;  // not null, and outlives the sender
        StreamChannel::Told
            told;  // on the owner's thread, and of the client that it opened the channel to last
        std::function<void()> all_sent;  // the last packet of all blocks has left; likewise
        PacketTap* tap = nullptr;        // called on the sender's thread
    };

    /// Throws std::system_error if the socket cannot be opened.
    StreamSender(asio::io_context& owner, Options options);
    ~StreamSender();
    StreamSender(const StreamSender&) = delete;
    StreamSender& operator=(const StreamSender&) = delete;

    [[nodiscard]] std::uint16_t port() const { return socket_.port(); }

    void open(const protocol::StreamChannelSettings&);
    void close();
    void set_faults(const faults::StreamFaults&);
    void submit(protocol::gvsp::Block, protocol::Time start, const protocol::gvsp::Transmitter::Settings&);
    void abandon_waiting();
    /// Blocks wait, or some of their packets do.
    [[nodiscard]] bool sending() const { return unsent_ > 0; }
    void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&);
    void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&);

  private:
    using Order = std::function<void()>;
    void order(Order);
    void run();
    [[nodiscard]] bool wait_for_work(std::unique_lock<std::mutex>&);
    void unreachable(int error);
    void tell_all_sent();
    void tell_owner(std::function<void()>);
    template <class List>
    void tell_always(const std::function<void(List)>& told, List);

    asio::io_context& owner_;
    Options options_;
    UdpStreamSocket socket_;
    /// Counts how often the channel was opened or closed: the owner's thread alone touches what it points to,
    /// and it ends with the sender.
    std::shared_ptr<std::uint64_t> opening_ = std::make_shared<std::uint64_t>(0);

    int unsent_ = 0;  // blocks, as far as the owner's thread was told

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Order> orders_;
    bool ends_ = false;

    // Only the sender's thread touches these.
    StreamChannel channel_;
    std::uint64_t served_opening_ = 0;  // which of them the thread is at
    int taken_ = 0;                     // blocks, since the owner was told that all were sent
    std::thread thread_;
};

}  // namespace emulator::net
