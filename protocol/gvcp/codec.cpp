#include "protocol/gvcp/codec.h"

namespace protocol::gvcp {

std::optional<AckHeader> parse_ack(ByteView datagram) {
    Reader reader(datagram);
    AckHeader header;
    header.status = reader.u16();
    header.code = reader.u16();
    reader.skip(2);
    header.request_id = reader.u16();
    return reader.ok() ? std::optional(header) : std::nullopt;
}

std::optional<Command> parse_command(ByteView datagram) {
    Reader reader(datagram);
    const auto key = reader.u8();
    Command command;
    command.flags = reader.u8();
    command.code = reader.u16();
    command.length = reader.u16();
    command.request_id = reader.u16();
    if (!reader.ok() || key != kKey) return std::nullopt;
    command.payload = reader.rest();
    return command;
}

Result<Resend> parse_resend(const Command& command) {
    Reader reader(command.payload);
    Resend resend;
    resend.extended_ids = command.flags & kExtendedIds;
    resend.channel = reader.u16();
    resend.block_id = reader.u16();
    resend.first = reader.u32();
    resend.last = reader.u32();
    if (resend.extended_ids) resend.block_id = reader.u64();
    if (!reader.ok() || !reader.rest().empty()) return Status::invalid_parameter;
    if (!resend.extended_ids) {
        // Only 24 bits of the packet ids count; all ones still mean "to the end".
        resend.first &= 0xFFFFFF;
        resend.last = (resend.last & 0xFFFFFF) == 0xFFFFFF ? 0xFFFFFFFF : resend.last & 0xFFFFFF;
    }
    return resend;
}

Result<ForceIp> parse_force_ip(const Command& command) {
    if (command.payload.size() != kForceIpBytes) return Status::invalid_parameter;
    ForceIp force;
    force.mac = load<std::uint64_t>(command.payload) & 0xFFFF'FFFF'FFFF;
    force.ip = load<std::uint32_t>(command.payload.subspan(20));
    force.mask = load<std::uint32_t>(command.payload.subspan(36));
    force.gateway = load<std::uint32_t>(command.payload.subspan(52));
    return force;
}

Result<Action> parse_action(const Command& command) {
    Reader reader(command.payload);
    Action action;
    action.device_key = reader.u32();
    action.group_key = reader.u32();
    action.group_mask = reader.u32();
    if (command.flags & kScheduled) action.at_ticks = reader.u64();
    if (!reader.ok() || !reader.rest().empty()) return Status::invalid_parameter;
    return action;
}

Result<MemoryRange> parse_read_memory(const Command& command) {
    Reader reader(command.payload);
    MemoryRange range;
    range.address = reader.u32();
    reader.skip(2);  // Reserved. Clients that write the count as 32 bits leave zeros here.
    range.size_bytes = reader.u16();
    if (!reader.ok() || !reader.rest().empty()) return Status::invalid_parameter;
    if (range.size_bytes == 0 || range.size_bytes > kMaxMemoryBytes) return Status::invalid_parameter;
    if (range.address % 4 != 0 || range.size_bytes % 4 != 0) return Status::bad_alignment;
    return range;
}

Bytes make_command(Code code, std::uint8_t flags, std::uint16_t request_id, ByteView payload) {
    return Writer()
        .u8(kKey)
        .u8(flags)
        .u16(static_cast<std::uint16_t>(code))
        .u16(static_cast<std::uint16_t>(payload.size()))
        .u16(request_id)
        .bytes(payload)
        .take();
}

Bytes make_ack(Status status, std::uint16_t code, std::uint16_t request_id, ByteView payload) {
    return Writer()
        .u16(static_cast<std::uint16_t>(status))
        .u16(static_cast<std::uint16_t>(code + 1))
        .u16(static_cast<std::uint16_t>(payload.size()))
        .u16(request_id)
        .bytes(payload)
        .take();
}

Bytes make_pending_ack(std::uint16_t request_id, std::uint16_t milliseconds) {
    const auto payload = Writer().u16(0).u16(milliseconds).take();
    return make_ack(Status::success, static_cast<std::uint16_t>(Code::pending_ack) - 1, request_id, payload);
}

}  // namespace protocol::gvcp
