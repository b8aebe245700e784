#pragma once

#include <cstdint>

#include "emulator/file_descriptor.h"
#include "emulator/net/stream_socket.h"

namespace emulator::net {

/// A UDP socket at an address of this host, with a port of its own, or beside another socket on a port that
/// this one shares: then it receives nothing but what its peer sends to that port.
class UdpStreamSocket final : public StreamSocket {
  public:
    /// Throws std::system_error if the socket cannot be opened.
    explicit UdpStreamSocket(std::uint32_t own_ip, std::uint16_t shared_port = 0);

    [[nodiscard]] std::uint16_t port() const { return port_; }

    int connect(protocol::Endpoint) override;
    void disconnect() override;
    void allow_fragments(bool) override;
    [[nodiscard]] std::size_t link_bytes() const override;
    int send(std::span<mmsghdr>) override;
    std::optional<StreamError> next_error() override;
    void discard_incoming() override;

  private:
    void bind_to(std::uint32_t own_ip);
    void bind_beside(std::uint32_t own_ip, std::uint16_t shared_port);
    void set_options(std::uint32_t own_ip) const;

    FileDescriptor socket_;
    std::uint16_t port_ = 0;
    protocol::Endpoint nobody_{};  // the peer of a socket on a shared port that is not connected
};

}  // namespace emulator::net
