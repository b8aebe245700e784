#pragma once

#include <optional>

#include "protocol/bytes.h"
#include "protocol/ptp/data_set.h"
#include "protocol/time.h"

namespace protocol::ptp {

/// A message of one of the kinds that are understood.
struct Message {
    Type type = Type::sync;
    std::uint8_t domain = 0;
    std::uint16_t flags = 0;
    std::int64_t scaled_correction = 0;  // in ns times 65536
    PortIdentity source;
    std::uint16_t sequence = 0;
    std::int8_t log_interval = 0x7F;  // 0x7F: not said
    Timestamp time{};                 // of the sender's clock
    PortIdentity requester;           // Delay_Resp only
    DataSet master;                   // Announce only; its sender is the source

    [[nodiscard]] Time correction() const { return Time(scaled_correction >> 16); }
    bool operator==(const Message&) const = default;
};

/// All times are before this (the year 2106), so that sums and differences never overflow.
inline constexpr std::uint64_t kEndSeconds = 0xFFFF'FFFF;
inline constexpr Timestamp kEndOfTime{std::chrono::seconds(kEndSeconds)};

/// Nothing if this is no message of version 2 (of any minor version) that is understood, and whole.
[[nodiscard]] std::optional<Message> parse(ByteView datagram);
/// The time must lie between 0 and `kEndOfTime`.
[[nodiscard]] Bytes encode(const Message&);

}  // namespace protocol::ptp
