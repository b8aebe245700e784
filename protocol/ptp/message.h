#pragma once

#include <optional>

#include "protocol/bytes.h"
#include "protocol/ptp/data_set.h"
#include "protocol/time.h"

namespace protocol::ptp {

/// A PTP message of a supported type.
struct Message {
    Type type = Type::sync;
    std::uint8_t domain = 0;
    std::uint16_t flags = 0;
    std::int64_t scaled_correction = 0;  // in ns times 65536
    PortIdentity source;
    std::uint16_t sequence = 0;
    std::int8_t log_interval = 0x7F;  // 0x7F: unspecified
    Timestamp time{};                 // since the epoch of the master
    PortIdentity requester;           // Delay_Resp only
    DataSet master;                   // Announce only; its sender is the source

    [[nodiscard]] Time correction() const { return Time(scaled_correction >> 16); }
    bool operator==(const Message&) const = default;
};

/// All times are before this (the year 2106), so that sums and differences never overflow.
inline constexpr std::uint64_t kEndSeconds = 0xFFFF'FFFF;
inline constexpr Timestamp kEndOfTime{std::chrono::seconds(kEndSeconds)};

/// Nothing if this is no complete message of version 2 (any minor version) and of a supported type.
[[nodiscard]] std::optional<Message> parse(ByteView datagram);
/// The time must lie between 0 and `kEndOfTime`.
[[nodiscard]] Bytes encode(const Message&);

}  // namespace protocol::ptp
