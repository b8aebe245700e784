#pragma once

#include <optional>

#include "protocol/bytes.h"

namespace emulator::net {

/// A way from a camera back to a socket of this host that lies behind address translation.
struct StreamPath {
    protocol::Endpoint end;     // of the socket, as the camera reaches it
    bool answers_only = false;  // the camera reaches it as an answer on the way that the socket has opened
    std::uint32_t sender = 0;   // whom its packets come from, as the socket sees it
};

/// A socket's own address and port, as the camera sees its commands (primary application port and address).
/// For that it takes control of a camera which nobody controls, and releases it; nothing if it is controlled.
/// It blocks, as the next does.
[[nodiscard]] std::optional<protocol::Endpoint> seen_by_camera(int socket, protocol::Endpoint camera);
/// Finds out how the camera reaches a socket that it sees so: lets it fire test packets, to `known_ip` first
/// unless that is 0, and leaves it as it was. `control` is another socket. Nothing if none arrives.
[[nodiscard]] std::optional<StreamPath> find_stream_path(int control, int socket, protocol::Endpoint camera,
                                                         protocol::Endpoint seen, std::uint32_t known_ip);
[[nodiscard]] std::uint16_t port_of(int socket);

}  // namespace emulator::net
