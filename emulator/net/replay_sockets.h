#pragma once

#include <chrono>
#include <optional>

#include "emulator/file_descriptor.h"
#include "protocol/bytes.h"

namespace emulator::net {

/// Sockets of one client that plays commands back to a camera: one for its commands, one that takes a stream
/// and forgets it, and one that acknowledges events.
class ReplaySockets {
  public:
    /// Throws std::system_error if they cannot be opened, as without a route to the camera.
    explicit ReplaySockets(std::uint32_t camera_ip);

    [[nodiscard]] std::uint32_t own_ip() const { return own_ip_; }
    [[nodiscard]] std::uint16_t control_port() const { return port_of(control_); }
    [[nodiscard]] std::uint16_t stream_port() const { return port_of(stream_); }
    [[nodiscard]] std::uint16_t message_port() const { return port_of(message_); }

    /// Sends a command, and waits for its final acknowledge if it wants one; pending acknowledges prolong
    /// that. Nothing if none comes in time.
    [[nodiscard]] std::optional<protocol::Bytes> ask(protocol::ByteView command,
                                                     std::chrono::milliseconds patience);

  private:
    [[nodiscard]] static std::uint16_t port_of(const FileDescriptor&);
    void serve_others() const;

    std::uint32_t own_ip_ = 0;
    FileDescriptor control_, stream_, message_;
};

}  // namespace emulator::net
