#pragma once

#include <algorithm>

#include "protocol/gvsp/format.h"
#include "protocol/time.h"

namespace protocol::gvsp {

/// Packet pacing: at the rate of the link, or slower by inter-packet delay (SCPD) or throughput limit.
struct Pace {
    std::uint64_t link_bits_per_s = 1'000'000'000;
    std::uint64_t limit_bytes_per_s = 0;  // throughput limit, 0: none
    Time gap{0};                          // after each packet (SCPD)
};

/// Ethernet overhead of a packet: preamble 8, header 14, checksum 4, gap 12 bytes.
inline constexpr std::uint64_t kEthernetOverheadBytes = 38;
inline constexpr std::uint64_t kMinEthernetPayloadBytes = 46;

/// Time that a packet of `udp_bytes` of UDP payload keeps the wire busy.
[[nodiscard]] constexpr Time wire_time(std::size_t udp_bytes, const Pace& pace) {
    const std::uint64_t ip_bytes = udp_bytes + kIpUdpHeaderBytes;
    const auto wire_bytes = std::max(ip_bytes, kMinEthernetPayloadBytes) + kEthernetOverheadBytes;
    return Time(wire_bytes * 8 * 1'000'000'000 / pace.link_bits_per_s);
}

/// The same with the gap after it.
[[nodiscard]] constexpr Time slot(std::size_t udp_bytes, const Pace& pace) {
    const std::uint64_t ip_bytes = udp_bytes + kIpUdpHeaderBytes;
    const Time limit(pace.limit_bytes_per_s ? ip_bytes * 1'000'000'000 / pace.limit_bytes_per_s : 0);
    return std::max(wire_time(udp_bytes, pace), limit) + pace.gap;
}

/// Bursts: packets are sent in groups, as a thread cannot be scheduled for each one of a fast stream. A
/// sender that is late makes up for it, but never by longer bursts: those would overflow a receive buffer.
struct Bundling {
    Time burst{};       // slots of the packets that leave together; a longer one leaves alone
    Time at_once{};     // delay that the next burst makes up for by leaving at once
    Time behind_max{};  // delay beyond it that is made up for burst by burst; more is lost
    int hurry = 1;      // each burst is followed this part of its slots earlier
};

/// At the pace of the wire, bursts are short enough for a small receive buffer to hold two. Where more than
/// that is asked for, no 5 ms carry more than 1.1 times what is allowed, and gaps of 100 us or more are each
/// packet's own. `udp_bytes` is the size of a full packet.
[[nodiscard]] constexpr Bundling bundling(std::size_t udp_bytes, const Pace& pace) {
    using std::chrono::microseconds;
    const auto gap = slot(udp_bytes, pace) - wire_time(udp_bytes, pace);
    if (gap == Time::zero()) return {.burst = microseconds(500), .behind_max = microseconds(800), .hurry = 2};
    const Time burst = gap < microseconds(100) ? microseconds(230) : Time::zero();
    return {.burst = burst,
            .at_once = microseconds(100),
            .behind_max = std::chrono::milliseconds(100),
            .hurry = 50};
}

}  // namespace protocol::gvsp
