#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>
#include <functional>

#include "emulator/net/interface.h"
#include "protocol/bytes.h"

namespace emulator::net {

/// Lets a socket hear one interface only.
[[nodiscard]] std::error_code bind_to_device(int socket, const Interface&);

/// A UDP socket whose datagrams go to one function, on the owner's thread.
class DatagramSocket {
  public:
    using Receive = std::function<void(protocol::ByteView, protocol::Endpoint from)>;

    DatagramSocket(asio::io_context& context, Receive receive)
        : socket_(context), receive_(std::move(receive)) {}

    /// Binds and listens at an address of this host, or one that it is about to get.
    [[nodiscard]] std::error_code open(std::uint32_t ip, std::uint16_t port);
    /// Binds and listens at a broadcast address, which other sockets may do as well, and hears what comes
    /// through this interface only.
    [[nodiscard]] std::error_code open_shared(std::uint32_t ip, std::uint16_t port, const Interface&);
    void close();
    [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }
    /// What cannot be sent is lost, as on any network.
    void send(protocol::ByteView datagram, protocol::Endpoint to);
    void send_broadcast(protocol::ByteView datagram, std::uint16_t port, const Interface&);

  private:
    [[nodiscard]] std::error_code bind_and_listen(std::uint32_t ip, std::uint16_t port, std::error_code);
    void listen();

    asio::ip::udp::socket socket_;
    Receive receive_;
    asio::ip::udp::endpoint from_;
    std::array<std::uint8_t, 2048> datagram_{};
};

}  // namespace emulator::net
