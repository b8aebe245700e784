#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "emulator/camera/disturbance.h"
#include "protocol/gvcp/control_channel.h"
#include "protocol/gvsp/transmitter.h"
#include "protocol/time.h"
#include "scenes/json/json_reader.h"

namespace emulator {
struct Camera;
}

namespace emulator::faults {

using protocol::Time;

/// A packet of a block on its way to the client.
struct SentPacket {
    protocol::gvsp::PacketId id;
    std::size_t udp_bytes = 0;  // of the datagram's content
    std::uint32_t sending = 0;  // 0 for the first time, then how often it was sent before
};

/// What becomes of a packet. Faults that touch the same one add up.
struct PacketFate {
    bool lost = false;
    Time delay{};              // others may overtake it
    Time queued{};             // likewise, but it keeps its place: none is sent before an earlier one
    std::uint32_t behind = 0;  // it leaves after so many of those that follow it
    std::uint32_t copies = 1;
    std::vector<std::size_t> flipped{};  // bits, counted from the beginning of the GVSP header
    [[nodiscard]] bool untouched() const {
        return !lost && delay == Time{} && queued == Time{} && behind == 0 && copies == 1 && flipped.empty();
    }
};

/// What becomes of a resend request.
struct ResendFate {
    protocol::gvcp::Resend asked;
    bool ignored = false;
    std::optional<protocol::Status> refused{};
    Time delay{};
};

/// A command, and what becomes of the answer to it.
struct ReplyFate {
    const protocol::gvcp::Command* command = nullptr;  // nothing if it is not known any more
    protocol::gvcp::Reply reply;
    bool lost = false;
    Time delay{};
    std::uint32_t behind = 0;  // it leaves after so many answers that follow it
    std::uint32_t copies = 1;
    std::optional<std::uint16_t> pending_ms{};  // announced by a PENDING_ACK at once
};

/// One fault. Its functions are called while it is in force, in the order in which faults were set; those
/// that it does not need do nothing.
class Fault {
  public:
    Fault() = default;
    virtual ~Fault() = default;
    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;

    // On the sender's thread, for blocks that were submitted while the fault was in force.
    virtual void on_packet(const SentPacket&, PacketFate&) {}
    virtual void on_resend(ResendFate&) {}
    /// Whether a test packet of this size is lost; at any time while the fault is in force.
    virtual bool loses_test_packet(std::size_t /*ip_bytes*/) { return false; }

    // On the owner's thread.
    /// A block that is about to be sent.
    virtual void on_block(protocol::gvsp::Block&) {}
    virtual void on_reply(ReplyFate&) {}
    /// False if the command does not reach the camera.
    virtual bool on_command(const protocol::gvcp::Command&, protocol::Endpoint) { return true; }
    /// What is different in the camera; called whenever a fault begins or ends.
    virtual void disturb(Disturbance&) const {}
    virtual void begin(Camera&) {}
    virtual void end(Camera&) {}

    /// What it touched: packets, requests, blocks, answers; where it disturbs the camera, how often it began.
    [[nodiscard]] std::uint64_t hits() const { return hits_; }
    void count_hit() { ++hits_; }

    /// Whether it may still touch what it could when it was in force; any thread.
    [[nodiscard]] bool in_force() const { return in_force_; }
    void set_in_force(bool yes) { in_force_ = yes; }

  private:
    std::atomic<std::uint64_t> hits_ = 0;
    std::atomic<bool> in_force_ = false;
};

using FaultPtr = std::shared_ptr<Fault>;

/// What faults do to the stream.
struct StreamFaults {
    std::vector<FaultPtr> of_blocks{};  // that are submitted from now on; their resends, too
    bool silent = false;                // nothing leaves, at once
};

/// The part of the camera that a kind of fault is about. Control and link live in host time, the others in
/// camera time.
enum class Subject : std::uint8_t { stream, frames, control, link, device };

/// One row of the table of faults: all that is known about a kind.
struct Kind {
    std::string_view name;
    Subject subject = Subject::stream;
    std::string_view summary;  // what happens
    std::string_view client;   // what a correct client does about it
    std::string_view keys{};   // keys of its own, explained
    bool at_once = false;      // it happens at a moment, and has no duration
    /// Reads the keys of its own, and those of its subject.
    FaultPtr (*make)(const scenes::Node&) = nullptr;
};

}  // namespace emulator::faults
