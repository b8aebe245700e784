#pragma once

#include <optional>

#include "protocol/bytes.h"

namespace emulator::net {

/// A way from a camera back to a socket of this host that lies behind address translation.
struct StreamPath {
    protocol::Endpoint end;     // of the socket, as the camera reaches it
    bool answers_only = false;  // the camera reaches it as an answer on the way that the socket has opened
};

/// Finds out by which address a camera reaches a socket of this host: it asks the camera what it sees of the
/// socket (primary application port and address), and lets it fire a test packet there. `control` is another
/// socket. For that it takes control of a camera which nobody controls, and leaves it as it was; nothing if
/// the camera is controlled, or no test packet arrives. `known_ip`, unless it is 0, is tried first. It
/// blocks, for less than a second.
[[nodiscard]] std::optional<StreamPath> find_stream_path(int control, int socket, protocol::Endpoint camera,
                                                         std::uint32_t known_ip);
/// The socket's own port and address, as the camera sees its commands; nothing if it is controlled.
[[nodiscard]] std::optional<protocol::Endpoint> seen_by_camera(int socket, protocol::Endpoint camera);
[[nodiscard]] std::uint16_t port_of(int socket);

}  // namespace emulator::net
