#pragma once

#include <optional>

#include "protocol/bytes.h"

// ARP (RFC 826) as an Ethernet frame, for address conflict detection (RFC 5227, and RFC 3927 of link-local
// addresses).

namespace protocol::arp {

struct Packet {
    bool request = true;
    std::uint64_t sender_mac = 0;
    std::uint32_t sender_ip = 0;  // 0 in a probe
    std::uint32_t target_ip = 0;
};
/// A broadcast frame.
[[nodiscard]] Bytes make_frame(const Packet&);
/// Nothing if this is no frame of ARP for IPv4.
[[nodiscard]] std::optional<Packet> parse_frame(ByteView frame);

/// Whether a packet that is heard shows that another host has this address, or is probing for it.
[[nodiscard]] bool conflicts(const Packet& heard, std::uint32_t ip, std::uint64_t own_mac);

}  // namespace protocol::arp
