#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>
#include <functional>

#include "emulator/net/interface.h"
#include "emulator/net/packet_tap.h"
#include "protocol/bytes.h"

namespace emulator::net {

/// Binds a socket to one interface (SO_BINDTODEVICE).
[[nodiscard]] std::error_code bind_to_device(int socket, const Interface&);

/// A UDP socket whose datagrams go to one function, on the owner's thread.
class DatagramSocket {
  public:
    using Receive = std::function<void(protocol::ByteView, protocol::Endpoint from)>;

    /// `tap` is told of all datagrams; null: nobody is.
    DatagramSocket(asio::io_context& context, Receive receive, PacketTap* tap)
        : socket_(context), receive_(std::move(receive)), tap_(tap) {}

    /// Binds to an address of this host, or one that is about to be added (IP_FREEBIND).
    [[nodiscard]] std::error_code open(std::uint32_t ip, std::uint16_t port);
    /// Binds to a broadcast address, shared with other sockets, and receives from this interface only.
    [[nodiscard]] std::error_code open_shared(std::uint32_t ip, std::uint16_t port, const Interface&);
    /// Whether other sockets may be bound to this port from now on.
    void share_port(bool);
    void close();
    [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }
    [[nodiscard]] int native_handle() { return socket_.native_handle(); }
    /// A datagram that cannot be sent is dropped.
    void send(protocol::ByteView datagram, protocol::Endpoint to);
    void send_broadcast(protocol::ByteView datagram, std::uint16_t port, const Interface&);

  private:
    [[nodiscard]] std::error_code bind_and_listen(std::uint32_t ip, std::uint16_t port, std::error_code);
    void listen();
    void take(protocol::ByteView datagram);
    void tell_sent(protocol::ByteView datagram, protocol::Endpoint to) const;

    asio::ip::udp::socket socket_;
    Receive receive_;
    PacketTap* tap_;
    protocol::Endpoint own_{};
    asio::ip::udp::endpoint from_;
    std::array<std::uint8_t, 2048> datagram_{};
};

}  // namespace emulator::net
