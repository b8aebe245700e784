#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>
#include <functional>
#include <vector>

#include "protocol/bytes.h"

namespace emulator::net {

/// Passes datagrams from one UDP socket to another, many at a time: a stream that is relayed. Datagrams that
/// do not fit the link to the receiver are lost, as packets that may not be fragmented are.
class StreamPipe {
  public:
    /// Received are datagrams at any address of this host, at a free port; sent they are from `own_ip`.
    /// Throws std::system_error if the sockets cannot be opened.
    StreamPipe(asio::io_context& context, std::uint32_t own_ip);

    /// The receiving socket, which may be used beside the pipe before `run`.
    [[nodiscard]] int inlet() { return in_.native_handle(); }
    [[nodiscard]] std::uint16_t inlet_port() const { return in_.local_endpoint().port(); }
    [[nodiscard]] std::uint16_t outlet_port() const { return out_.local_endpoint().port(); }
    /// Begins to pass on what comes: to the receiver, as `receiver` says at that time; port 0: nowhere.
    void run(std::function<protocol::Endpoint()> receiver);
    /// Datagrams of other senders are dropped.
    void accept_from(std::function<bool(std::uint32_t ip)> sender) { accepts_ = std::move(sender); }
    /// A datagram the other way, which opens it through firewalls and address translation.
    void send_from_inlet(protocol::ByteView datagram, protocol::Endpoint to);

  private:
    static constexpr std::size_t kAtOnce = 64, kDatagramBytes = 16'384;
    void wait();
    void pass();
    [[nodiscard]] std::size_t receive();
    void send(std::size_t count, protocol::Endpoint to);

    asio::ip::udp::socket in_, out_;
    std::function<protocol::Endpoint()> receiver_;
    std::function<bool(std::uint32_t ip)> accepts_ = [](std::uint32_t) { return true; };
    std::vector<std::uint8_t> bytes_;
    std::vector<iovec> parts_;
    std::vector<sockaddr_in> from_;
    std::vector<mmsghdr> messages_;
};

}  // namespace emulator::net
