#pragma once

#include <deque>
#include <functional>

#include "emulator/net/stream_socket.h"

namespace support {

/// What goes wrong in a pretended kernel.
struct StreamSocketFaults {
    int connect_error = 0;       // an errno: no route leads anywhere
    int segmentation_error = 0;  // an errno: it does not cut datagrams
    int send_error = 0;          // an errno: why the messages below do not leave
    int unsent_messages = 0;     // how many more of them
};

/// A socket of a pretended network: datagrams go to a function, and it fails as Linux does.
///
/// As there, a report on an earlier datagram is told by the next call instead of what that was to do, is
/// dropped if it meets a batch in its middle, and stays in the queue of reports.
class VirtualStreamSocket final : public emulator::net::StreamSocket {
  public:
    /// Whether the port is open.
    using Deliver = std::function<bool(protocol::ByteView, protocol::Endpoint to)>;

    VirtualStreamSocket(std::size_t link_bytes, Deliver deliver)
        : link_bytes_(link_bytes), deliver_(std::move(deliver)) {}

    int connect(protocol::Endpoint) override;
    void disconnect() override { peer_ = {}; }
    void allow_fragments(bool allowed) override { fragments_ = allowed; }
    [[nodiscard]] std::size_t link_bytes() const override { return link_bytes_; }
    int send(std::span<mmsghdr>) override;
    std::optional<emulator::net::StreamError> next_error() override;
    void discard_incoming() override { pending_ = 0; }

    /// An ICMP port unreachable arrives; `quoted` is the content that it repeats.
    void refuse(protocol::ByteView quoted);
    [[nodiscard]] bool connected() const { return peer_.port != 0; }

    StreamSocketFaults faults;
    bool reports_refusals = true;     // the client's host sends ICMP messages
    std::size_t largest_message = 0;  // bytes that travelled through the kernel as one

  private:
    [[nodiscard]] int send_one(const msghdr&);

    std::size_t link_bytes_;
    Deliver deliver_;
    protocol::Endpoint peer_;
    bool fragments_ = true;
    int pending_ = 0;  // an errno that the next call returns
    std::deque<emulator::net::StreamError> errors_;
};

}  // namespace support
