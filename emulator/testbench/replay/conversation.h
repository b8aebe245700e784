#pragma once

#include <optional>
#include <vector>

#include "emulator/recording/pcapng.h"

namespace emulator::testbench {

/// A command that a client of a recording sent, and the final acknowledge that it got.
struct RecordedCommand {
    std::uint64_t number = 0;  // from 1, of all commands of the recording
    std::uint64_t ticks = 0;
    protocol::Endpoint client, camera;
    protocol::Bytes datagram;
    std::optional<protocol::Bytes> ack{};
};

/// All commands to the control port, in their order. The acknowledge of a command is the first one with its
/// request id that its client got after it.
[[nodiscard]] std::vector<RecordedCommand> recorded_commands(recording::PcapngReader);

}  // namespace emulator::testbench
