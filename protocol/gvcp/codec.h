#pragma once

#include <optional>

#include "protocol/bytes.h"
#include "protocol/gvcp/format.h"
#include "protocol/result.h"

namespace protocol::gvcp {

/// A command as it stands in the datagram; `payload` points into that datagram.
struct Command {
    std::uint8_t flags = 0;
    std::uint16_t code = 0;
    std::uint16_t length = 0;  // as the header claims
    std::uint16_t request_id = 0;
    ByteView payload;

    [[nodiscard]] bool wants_ack() const { return flags & kAcknowledge; }
    [[nodiscard]] bool is(Code other) const { return code == static_cast<std::uint16_t>(other); }
};

/// Header of an acknowledge.
struct AckHeader {
    std::uint16_t status = 0, code = 0, request_id = 0;  // the code is one above the command's

    [[nodiscard]] bool is_pending() const { return code == static_cast<std::uint16_t>(Code::pending_ack); }
};
/// Nothing if this is too short for one.
[[nodiscard]] std::optional<AckHeader> parse_ack(ByteView datagram);

/// Nothing if this is no GVCP command: too short for a header, or another key.
[[nodiscard]] std::optional<Command> parse_command(ByteView datagram);

struct Resend {
    std::uint16_t channel = 0;
    std::uint64_t block_id = 0;
    std::uint32_t first = 0, last = 0;  // packet ids, both included; `last` of all ones means "to the end"
    bool extended_ids = false;
    std::uint32_t from_ip = 0;
};
struct ForceIp {
    std::uint64_t mac = 0;
    std::uint32_t ip = 0, mask = 0, gateway = 0;
};
struct Action {
    std::uint32_t device_key = 0, group_key = 0, group_mask = 0;
    std::optional<std::uint64_t> at_ticks;
};
struct MemoryRange {
    std::uint32_t address = 0;
    std::size_t size_bytes = 0;
};

/// Each fails with `invalid_parameter` where the payload has the wrong shape.
[[nodiscard]] Result<Resend> parse_resend(const Command&);
[[nodiscard]] Result<ForceIp> parse_force_ip(const Command&);
[[nodiscard]] Result<Action> parse_action(const Command&);
[[nodiscard]] Result<MemoryRange> parse_read_memory(const Command&);

[[nodiscard]] Bytes make_command(Code, std::uint8_t flags, std::uint16_t request_id, ByteView payload);
/// `code` is the command's; its acknowledge has the next number.
[[nodiscard]] Bytes make_ack(Status, std::uint16_t code, std::uint16_t request_id, ByteView payload = {});
[[nodiscard]] Bytes make_pending_ack(std::uint16_t request_id, std::uint16_t milliseconds);

}  // namespace protocol::gvcp
