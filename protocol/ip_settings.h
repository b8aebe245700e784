#pragma once

#include <cstdint>

namespace protocol {

/// IP settings of FORCEIP or of the persistent registers, in host byte order. A gateway of 0 is none.
struct IpSettings {
    std::uint32_t ip = 0, mask = 0, gateway = 0;
    bool operator==(const IpSettings&) const = default;
};

/// An address of 127.0.0.0/8.
[[nodiscard]] constexpr bool is_loopback(std::uint32_t ip) { return ip >> 24 == 127; }

/// Whether a device that is at `current` may have these settings: a unicast address (not of 0.0.0.0/8, below
/// 224.0.0.0) that is neither network nor broadcast address of its subnet, a contiguous mask of 8 to 31 bits,
/// and no gateway or another such address of the subnet. Loopback addresses are for a device that is on
/// loopback, and for no other.
[[nodiscard]] bool usable(const IpSettings&, std::uint32_t current);

}  // namespace protocol
