#pragma once

#include <optional>

#include "protocol/bytes.h"

// DHCP messages of a client (RFC 2131, options of RFC 2132), as the payload of UDP between ports 68 and 67.

namespace protocol::dhcp {

inline constexpr std::uint16_t kClientPort = 68, kServerPort = 67;

enum class Type : std::uint8_t { discover = 1, offer, request, decline, ack, nak, release };

/// What a client says. Addresses that are 0 are left out.
struct Request {
    Type type = Type::discover;
    std::uint32_t transaction = 0;
    std::uint64_t mac = 0;
    std::uint32_t requested_ip = 0;
    std::uint32_t server = 0;
    std::uint32_t own_ip = 0;  // which the client has and wants to keep
};
[[nodiscard]] Bytes make(const Request&);

/// What a server says.
struct Answer {
    Type type = Type::offer;
    std::uint32_t ip = 0, mask = 0, gateway = 0, server = 0;
    std::uint32_t lease_s = 0, renew_s = 0, rebind_s = 0;  // T1 and T2 by default 1/2 and 7/8 of the lease
};
/// Nothing if this is no answer to that transaction of that client.
[[nodiscard]] std::optional<Answer> parse(ByteView datagram, std::uint32_t transaction, std::uint64_t mac);

}  // namespace protocol::dhcp
