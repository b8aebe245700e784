#pragma once

#include <chrono>
#include <optional>

#include "protocol/bytes.h"

namespace emulator::net {

/// Sends a GVCP command from this UDP socket, and returns its final acknowledge; nothing if none comes in
/// time. Other datagrams that come meanwhile are lost. It blocks.
[[nodiscard]] std::optional<protocol::Bytes> ask(int socket, protocol::Endpoint device,
                                                 protocol::ByteView command,
                                                 std::chrono::milliseconds patience);

}  // namespace emulator::net
