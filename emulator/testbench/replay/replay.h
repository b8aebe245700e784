#pragma once

#include <map>
#include <set>

#include "emulator/profile.h"
#include "emulator/testbench/http/route.h"
#include "emulator/testbench/replay/conversation.h"

namespace emulator::testbench {

/// The ends of one client of a recording, as it is played back.
struct ReplayEnds {
    std::uint32_t ip = 0;
    std::uint16_t control_port = 0, stream_port = 0, message_port = 0;
};

/// A camera that commands are played back to.
class ReplayCamera {
  public:
    virtual ~ReplayCamera() = default;
    /// The ends that stand for this client of the recording: a socket of its own for commands, one that takes
    /// a stream, and one that acknowledges events.
    virtual ReplayEnds ends_of(protocol::Endpoint recorded) = 0;
    /// Sends a command from there and waits for its final acknowledge; nothing if none comes, or none is
    /// wanted.
    virtual std::optional<protocol::Bytes> ask(protocol::Endpoint recorded, protocol::ByteView command) = 0;
};

/// An answer that differs.
struct ReplayDifference {
    std::uint64_t number = 0;  // of the command in the recording
    std::string command;
    std::string of;   // feature, register or address; empty: the whole command
    std::string key;  // status, value, index
    Json recorded, now;
};

struct ReplayReport {
    std::size_t commands = 0, played = 0, clients = 0;
    std::vector<ReplayDifference> differences;
};

/// Plays commands back in their order, each after the acknowledge of the one before, and compares answers.
[[nodiscard]] ReplayReport replay(const std::vector<RecordedCommand>&, ReplayCamera&,
                                  NodeTypes = NodeTypes::manual);

/// One line about a difference.
[[nodiscard]] std::string sentence(const ReplayDifference&);

/// What may differ between recording and replay, and how replay deals with it.
struct ReplayRule {
    std::string_view what, how;
};
[[nodiscard]] std::span<const ReplayRule> replay_rules();

}  // namespace emulator::testbench
