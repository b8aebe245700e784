#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "protocol/device.h"

namespace protocol::gvcp {

/// Event numbers: those of the standard, and the camera family's own from 0x9000 (assumed, none are
/// published).
enum EventId : std::uint16_t {
    kPrimaryApplicationSwitch = 0x0007,
    kActionLate = 0x0009,
    kExposureEnd = 0x9001,
    kFrameTriggerMissed = 0x9002,
    kLine1FallingEdge = 0x9003,
    kLine1RisingEdge = 0x9004,
    kFocusMoveCompleted = 0x9005,
    kZoomMoveCompleted = 0x9006,
    kTestEvent = 0x90FF,
};

struct Event {
    std::uint16_t id = 0;
    std::uint64_t ticks = 0;
    std::uint16_t channel = 0xFFFF;  // stream channel; 0xFFFF: none
    std::uint64_t block_id = 0;      // 0: none
    Bytes data = {};                 // travels in a command of its own
};

/// One event item of the standard layout: 16 bytes and its data.
[[nodiscard]] Bytes encode_event(const Event&);

/// GVCP message channel: delivers events to the controlling application, one command at a time: each waits
/// for its acknowledge, is repeated when that does not come in time, and is dropped when it never comes.
/// Events wait in a queue of fixed size.
class MessageChannel {
  public:
    static constexpr std::size_t kQueueLength = 64;

    explicit MessageChannel(const MessageChannelSettings& settings) : settings_(settings) {}

    /// Queues an event; without room, or without an open channel, it is lost.
    void post(const Event&);
    /// The datagrams that are due: a new command, or a repetition.
    [[nodiscard]] std::vector<Bytes> poll(Time now);
    [[nodiscard]] std::optional<Time> deadline() const;
    /// A datagram that reached the channel's port. Anything but the acknowledge of the command under way is
    /// ignored.
    void handle(ByteView datagram, Endpoint from);
    void reset();

  private:
    struct UnderWay {
        Bytes datagram;
        std::uint16_t request_id = 0;
        Code code = Code::event;
        std::uint64_t sends_left = 0;
        std::optional<Time> due;  // nothing: now
    };
    void start_next();

    const MessageChannelSettings& settings_;
    std::deque<Event> queue_;
    std::optional<UnderWay> under_way_;
    std::uint16_t request_id_ = 0;
};

}  // namespace protocol::gvcp
