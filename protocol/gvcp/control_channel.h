#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/memory.h"

namespace protocol::gvcp {

/// A datagram that the device sends, and when.
struct Reply {
    Bytes datagram;
    Endpoint to;
    Time at{};
    bool broadcast = false;  // broadcast on the interface, to the port of `to`
};

/// GVCP control channel, UDP port 3956: discovery, FORCEIP, registers, memory, resend requests, action
/// commands, and pending acknowledge.
///
/// Owns no timer: `deadline` is when control expires; call `expire` then.
class ControlChannel {
  public:
    /// DISCOVERY_CMD whose delay is not over; more are not answered (assumed).
    static constexpr std::size_t kDiscoveriesWaiting = 256;

    ControlChannel(Device& device, Memory& memory, DeviceDelegate& delegate)
        : device_(device), memory_(memory), delegate_(delegate) {}

    [[nodiscard]] std::vector<Reply> handle(ByteView datagram, Endpoint from, Time now);
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] std::vector<Reply> expire(Time now);
    /// What the last write changed is durable now, or could not be saved: it is acknowledged.
    [[nodiscard]] std::vector<Reply> saved(bool kept, Time now);
    /// The device ends the control channel privilege.
    void end_control();
    /// The device restarts: repetitions of earlier writes are not acknowledged any more.
    void forget() {
        remembered_.clear();
        saving_.reset();
        discoveries_due_.clear();
    }

  private:
    /// What the acknowledge says, and when it may be sent.
    struct Answer {
        Status status = Status::success;
        Bytes payload;
        std::chrono::milliseconds takes{0};
    };
    /// The last write or action of a client, so that its repetition is answered and not executed again.
    struct Remembered {
        Bytes command;
        Bytes ack;
        Time at{}, done{};
    };
    /// A write that is done, and acknowledged once it is durable.
    struct Saving {
        Bytes datagram;
        Answer answer;
        Endpoint from;
        Time at{}, pending_due{};
        [[nodiscard]] bool is(ByteView other, Endpoint sender) const {
            return from == sender && std::ranges::equal(datagram, other);
        }
    };

    std::vector<Reply> execute(const Command&, ByteView datagram, Endpoint from, Time now);
    std::vector<Reply> discovery(const Command&, Endpoint from, Time now);
    std::vector<Reply> force_ip(const Command&, Endpoint from, Time now);
    std::vector<Reply> resend(const Command&, Endpoint from);
    [[nodiscard]] bool served_resends(Endpoint from) const;
    std::vector<Reply> action(const Command&, ByteView datagram, Endpoint from, Time now);
    std::vector<Reply> answer_once(const Command&, ByteView datagram, const Answer&, Endpoint from, Time now);
    std::vector<Reply> answer_when_saved(ByteView datagram, Answer, Endpoint from, Time now);
    std::vector<Reply> still_saving(Time now) const;
    [[nodiscard]] std::optional<Time> heartbeat_deadline() const;
    std::optional<std::vector<Reply>> repeat(const Command&, ByteView datagram, Endpoint from,
                                             Time now) const;

    Answer read_registers(const Command&) const;
    Answer read_memory(const Command&) const;
    Answer write_registers(const Command&, Endpoint from, Time now);
    Answer write_memory(const Command&, Endpoint from, Time now);
    [[nodiscard]] Status as_told(Status) const;
    Status read(std::uint32_t address, std::span<std::uint8_t> out) const;
    Outcome write(std::uint32_t address, ByteView bytes, Endpoint from, Time now);

    Device& device_;
    Memory& memory_;
    DeviceDelegate& delegate_;
    std::map<std::pair<std::uint32_t, std::uint16_t>, Remembered> remembered_;
    std::optional<Saving> saving_;
    std::vector<Time> discoveries_due_;
};

}  // namespace protocol::gvcp
