#include "protocol/ptp/message.h"

#include <cassert>

namespace protocol::ptp {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint32_t kNanosecondsInSecond = 1'000'000'000;
// Time source of Announce: internal oscillator, of no known relation to UTC.
constexpr std::uint16_t kUtcOffset = 37;
constexpr std::uint8_t kInternalOscillator = 0xA0;

/// Nothing for an unsupported type.
std::optional<std::size_t> size_of(std::uint8_t type) {
    switch (static_cast<Type>(type)) {
        case Type::sync:
        case Type::delay_request:
        case Type::follow_up:
            return kTimedBytes;
        case Type::delay_response:
            return kDelayResponseBytes;
        case Type::announce:
            return kAnnounceBytes;
    }
    return std::nullopt;
}

/// A field of version 1, which version 2 still fills (IEEE 1588-2008, table 23).
std::uint8_t control_of(Type type) {
    switch (type) {
        case Type::sync:
            return 0;
        case Type::delay_request:
            return 1;
        case Type::follow_up:
            return 2;
        case Type::delay_response:
            return 3;
        default:
            return 5;
    }
}

PortIdentity read_identity(Reader& reader) {
    PortIdentity identity;
    identity.clock = reader.u64();
    identity.port = reader.u16();
    return identity;
}

/// Nothing if it is no valid time, or not before `kEndOfTime`.
std::optional<Timestamp> read_time(Reader& reader) {
    const auto seconds = std::uint64_t{reader.u16()} << 32 | reader.u32();
    const auto nanoseconds = reader.u32();
    if (seconds >= kEndSeconds || nanoseconds >= kNanosecondsInSecond) return std::nullopt;
    return timestamp(seconds * kNanosecondsInSecond + nanoseconds);
}

void read_master(Reader& reader, Message& message) {
    auto& master = message.master;
    reader.skip(3);
    master.priority1 = reader.u8();
    master.clock_class = reader.u8();
    master.accuracy = reader.u8();
    master.variance = reader.u16();
    master.priority2 = reader.u8();
    master.grandmaster = reader.u64();
    master.steps_removed = reader.u16();
    master.sender = message.source;
    reader.skip(1);
}

void write_identity(Writer& writer, const PortIdentity& identity) {
    writer.u64(identity.clock).u16(identity.port);
}

void write_master(Writer& writer, const DataSet& master) {
    writer.u16(kUtcOffset).u8(0).u8(master.priority1).u8(master.clock_class).u8(master.accuracy);
    writer.u16(master.variance).u8(master.priority2).u64(master.grandmaster);
    writer.u16(master.steps_removed).u8(kInternalOscillator);
}

}  // namespace

std::optional<Message> parse(ByteView datagram) {
    Reader reader(datagram);
    Message message;
    const std::uint8_t type = reader.u8() & 0xF, version = reader.u8() & 0xF;
    const std::size_t length = reader.u16();
    const auto size = size_of(type);
    if (version != kVersion || !size || length < *size || length > datagram.size()) return std::nullopt;
    message.type = static_cast<Type>(type);
    message.domain = reader.u8();
    reader.skip(1);
    message.flags = reader.u16();
    message.scaled_correction = static_cast<std::int64_t>(reader.u64());
    reader.skip(4);
    message.source = read_identity(reader);
    message.sequence = reader.u16();
    reader.skip(1);
    message.log_interval = static_cast<std::int8_t>(reader.u8());
    const auto time = read_time(reader);
    if (!time) return std::nullopt;
    message.time = *time;
    if (message.type == Type::delay_response) message.requester = read_identity(reader);
    if (message.type == Type::announce) read_master(reader, message);
    assert(reader.ok());
    return message;
}

Bytes encode(const Message& message) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(message.time.time_since_epoch());
    const auto size = size_of(static_cast<std::uint8_t>(message.type));
    assert(size && message.time >= Timestamp{} && message.time < kEndOfTime);
    Writer writer;
    writer.u8(static_cast<std::uint8_t>(message.type)).u8(kVersion).u16(static_cast<std::uint16_t>(*size));
    writer.u8(message.domain).u8(0).u16(message.flags);
    writer.u64(static_cast<std::uint64_t>(message.scaled_correction)).u32(0);
    write_identity(writer, message.source);
    writer.u16(message.sequence)
        .u8(control_of(message.type))
        .u8(static_cast<std::uint8_t>(message.log_interval));
    writer.u16(static_cast<std::uint16_t>(seconds.count() >> 32))
        .u32(static_cast<std::uint32_t>(seconds.count()));
    writer.u32(static_cast<std::uint32_t>((message.time.time_since_epoch() - seconds).count()));
    if (message.type == Type::delay_response) write_identity(writer, message.requester);
    if (message.type == Type::announce) write_master(writer, message.master);
    return writer.take();
}

}  // namespace protocol::ptp
