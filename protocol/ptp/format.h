#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace protocol::ptp {

// Every message begins with this header, big-endian (IEEE 1588-2008, 13.3):
//
//     0        1        2                 4        5        6                 8
//     +---+----+---+----+-----------------+--------+--------+-----------------+
//     | x |type| x |vers|     length      | domain |    x   |      flags      |
//     +---+----+---+----+-----------------+--------+--------+-----------------+
//     |           correction, signed, in nanoseconds times 65536              |
//     +-----------------------------------+-----------------------------------+
//     |                 x                 |       identity of the source ...
//     +-----------------------------------+-----------------+-----------------+
//                 ... clock               |    ... port     |   sequence id   |
//     +--------+--------+-----------------+-----------------+-----------------+
//     |control |interval|  32: log2 of the seconds to the next of its kind
//     +--------+--------+
//
// At 34 stands a time: 6 bytes of seconds and 4 of nanoseconds. Sync, Delay_Req and Follow_Up end there.
// Delay_Resp continues with the identity of the requester (clock and port), and Announce with:
//
//     44                46       47       48                                  52
//     +-----------------+--------+--------+--------+--------+-----------------+--------+
//     |   UTC offset    |   x    |prio. 1 | class  |accuracy|    variance     |prio. 2 |
//     +-----------------+--------+--------+--------+--------+-----------------+--------+
//     53                                  61                63
//     +-----------------------------------+-----------------+--------+
//     |     clock of the grandmaster      |  steps removed  | source |
//     +-----------------------------------+-----------------+--------+
//
// TLVs behind it are ignored.

/// Messages whose times of sending and receiving count go to the event port, all others to the general one.
inline constexpr std::uint16_t kEventPort = 319, kGeneralPort = 320;
/// 224.0.1.129
inline constexpr std::uint32_t kMulticastAddress = 0xE000'0181;

inline constexpr std::size_t kHeaderBytes = 34;
inline constexpr std::size_t kTimedBytes = 44;
inline constexpr std::size_t kDelayResponseBytes = 54;
inline constexpr std::size_t kAnnounceBytes = 64;

enum class Type : std::uint8_t {
    sync = 0x0,
    delay_request = 0x1,
    follow_up = 0x8,
    delay_response = 0x9,
    announce = 0xB,
};

/// Event messages are timestamped at sending and reception, and use the event port; all others are general
/// messages (IEEE 1588-2008, table 19).
[[nodiscard]] constexpr bool is_event(Type type) { return static_cast<std::uint8_t>(type) < 0x8; }

enum Flag : std::uint16_t {
    kAlternateMaster = 0x0100,
    kTwoStep = 0x0200,
    kUnicast = 0x0400,
};

/// Whose message it is: a clock, by an EUI-64, and one of its ports.
struct PortIdentity {
    std::uint64_t clock = 0;
    std::uint16_t port = 0;
    auto operator<=>(const PortIdentity&) const = default;  // NOLINT(modernize-use-nullptr): its own zero
};

/// An EUI-48 in the place of an EUI-64 (IEEE 1588-2008, 7.5.2.2.2).
[[nodiscard]] constexpr std::uint64_t clock_identity_of_mac(std::uint64_t mac) {
    return (mac >> 24 & 0xFF'FFFF) << 40 | std::uint64_t{0xFFFE} << 24 | (mac & 0xFF'FFFF);
}

}  // namespace protocol::ptp
