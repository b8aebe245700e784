#pragma once

#include <cstddef>
#include <cstdint>

namespace protocol::gvcp {

// A command, client to device (and device to client for events):
//
//     0        1        2                 4                 6                 8
//     +--------+--------+-----------------+-----------------+-----------------+------ - - -
//     |  0x42  | flags  |     command     |     length      |   request id    | payload
//     +--------+--------+-----------------+-----------------+-----------------+------ - - -
//
// Its acknowledge:
//
//     0                 2                 4                 6                 8
//     +-----------------+-----------------+-----------------+-----------------+------ - - -
//     |     status      |    command+1    |     length      |   request id    | payload
//     +-----------------+-----------------+-----------------+-----------------+------ - - -
//
// All fields are big-endian; `length` counts the payload only.

inline constexpr std::uint16_t kPort = 3956;
inline constexpr std::uint8_t kKey = 0x42;
inline constexpr std::size_t kHeaderBytes = 8;
/// 576 bytes of IP packet less 20 IP, 8 UDP and 8 GVCP header.
inline constexpr std::size_t kMaxPayloadBytes = 540;

enum Flag : std::uint8_t {
    kAcknowledge = 0x01,
    kBroadcastAcknowledge = 0x10,  // discovery, forceip
    kExtendedIds = 0x10,           // PACKETRESEND, EVENT, EVENTDATA
    kScheduled = 0x80,             // action
};

enum class Code : std::uint16_t {
    discovery = 0x0002,
    force_ip = 0x0004,
    packet_resend = 0x0040,
    read_register = 0x0080,
    write_register = 0x0082,
    read_memory = 0x0084,
    write_memory = 0x0086,
    pending_ack = 0x0089,
    event = 0x00C0,
    event_data = 0x00C2,
    action = 0x0100,
};

inline constexpr std::size_t kMaxReadRegisters = kMaxPayloadBytes / 4;
inline constexpr std::size_t kMaxWriteRegisters = kMaxPayloadBytes / 8;
inline constexpr std::size_t kMaxMemoryBytes = kMaxPayloadBytes - 4;
inline constexpr std::size_t kDiscoveryAckBytes = 0xF8;
inline constexpr std::size_t kForceIpBytes = 56;
inline constexpr std::size_t kMaxEventBytes = kMaxPayloadBytes;

}  // namespace protocol::gvcp
