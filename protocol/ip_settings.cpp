#include "protocol/ip_settings.h"

#include <bit>

namespace protocol {
namespace {

// No unicast network is larger than one of class A, and with 32 bits a device would have no neighbours.
constexpr int kShortestMask = 8, kLongestMask = 31;
constexpr std::uint32_t kFirstUnicast = 0x0100'0000, kFirstMulticast = 0xE000'0000;

bool is_mask(std::uint32_t mask) {
    const int bits = std::countl_one(mask);
    return bits == std::popcount(mask) && bits >= kShortestMask && bits <= kLongestMask;
}

/// A mask of 31 bits is that of a link between two, where both addresses are of hosts (RFC 3021).
bool is_host(std::uint32_t ip, std::uint32_t mask) {
    if (ip < kFirstUnicast || ip >= kFirstMulticast) return false;
    const auto host = ip & ~mask;
    return std::popcount(mask) == kLongestMask || (host != 0 && host != ~mask);
}

}  // namespace

bool usable(const IpSettings& wanted, std::uint32_t current) {
    const auto [ip, mask, gateway] = wanted;
    if (!is_mask(mask) || !is_host(ip, mask) || is_loopback(ip) != is_loopback(current)) return false;
    if (gateway == 0) return true;
    return gateway != ip && is_host(gateway, mask) && (gateway & mask) == (ip & mask);
}

}  // namespace protocol
