#pragma once

#include <algorithm>

#include "protocol/bytes.h"
#include "protocol/gvsp/format.h"

namespace protocol::gvsp {

/// How fast packets may follow each other.
struct Pace {
    std::uint64_t link_bits_per_s = 1'000'000'000;
    std::uint64_t limit_bytes_per_s = 0;  // throughput limit, 0: none
    Time gap{0};                          // after each packet (SCPD)
};

/// What a packet takes on the Ethernet wire besides itself: preamble 8, header 14, checksum 4, gap 12 bytes.
inline constexpr std::uint64_t kEthernetOverheadBytes = 38;
inline constexpr std::uint64_t kMinEthernetPayloadBytes = 46;

/// Time that a packet of `udp_bytes` of UDP payload keeps the wire busy, its gap included.
[[nodiscard]] constexpr Time slot(std::size_t udp_bytes, const Pace& pace) {
    const std::uint64_t ip_bytes = udp_bytes + kIpUdpHeaderBytes;
    const auto wire_bytes = std::max(ip_bytes, kMinEthernetPayloadBytes) + kEthernetOverheadBytes;
    const auto wire_ns = wire_bytes * 8 * 1'000'000'000 / pace.link_bits_per_s;
    const auto limit_ns = pace.limit_bytes_per_s ? ip_bytes * 1'000'000'000 / pace.limit_bytes_per_s : 0;
    return Time(std::max(wire_ns, limit_ns)) + pace.gap;
}

}  // namespace protocol::gvsp
