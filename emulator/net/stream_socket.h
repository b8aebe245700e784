#pragma once

#include <sys/socket.h>

#include <optional>
#include <span>

#include "protocol/gvcp/control.h"

namespace emulator::net {

/// Error of a datagram that was sent earlier, as an ICMP message reports it.
struct StreamError {
    int code = 0;            // as in errno
    protocol::Bytes quoted;  // the beginning of the datagram's content, as far as the message repeats it
};

/// The socket that stream packets leave through: UDP in the program, a simulated network in tests.
///
/// Errors are numbers as in errno.
class StreamSocket {
  public:
    virtual ~StreamSocket() = default;

    /// Messages without a destination of their own go there from now on. 0, or why they cannot; then none
    /// leaves.
    virtual int connect(protocol::Endpoint) = 0;
    virtual void disconnect() = 0;
    /// Whether packets larger than a link of their path may be fragmented; else they are lost there.
    virtual void allow_fragments(bool) = 0;
    /// The largest IP packet that the interface to the connected endpoint carries whole, in bytes; 0 if
    /// nothing is connected.
    [[nodiscard]] virtual std::size_t link_bytes() const = 0;

    /// Sends from the front, as sendmmsg does: how many messages were taken, or a negative error number of
    /// the first one. Cuts a message that carries UDP_SEGMENT into datagrams of that size.
    virtual int send(std::span<mmsghdr>) = 0;
    /// The next report of the network on what the connected endpoint did not take.
    virtual std::optional<StreamError> next_error() = 0;
    /// Discards received datagrams: clients send them to the stream's port to open a firewall.
    virtual void discard_incoming() = 0;
};

}  // namespace emulator::net
