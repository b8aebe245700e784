#pragma once

#include <cstddef>
#include <cstdint>

namespace protocol::gvsp {

// A stream packet with 16-bit block ids:
//
//     0                 2                 4        5                          8
//     +-----------------+-----------------+--------+--------------------------+------ - - -
//     |     status      |    block id     | format |        packet id         | content
//     +-----------------+-----------------+--------+--------------------------+------ - - -
//
// and with 64-bit block ids, where the top bit of the format byte is set:
//
//     0                 2                 4        5                          8
//     +-----------------+-----------------+--------+--------------------------+
//     |     status      |      flags      | 0x80|f |            0             |
//     +-----------------+-----------------+--------+--------------------------+
//     |                                block id                               |  8
//     +-----------------------------------+-----------------------------------+
//     |             packet id             | content                              16, 20
//     +-----------------------------------+------ - - -
//
// Packet 0 of a block is its leader, the last one its trailer; between them payload packets, all full but the
// last.

inline constexpr std::size_t kHeaderBytes = 8, kExtendedHeaderBytes = 20;
inline constexpr std::size_t kIpUdpHeaderBytes = 28;
/// What follows the header in leader and trailer of an image, the latter without and with chunks.
inline constexpr std::size_t kImageLeaderBytes = 36, kImageTrailerBytes = 8, kChunkTrailerBytes = 16;

enum class Format : std::uint8_t { test = 0, leader = 1, trailer = 2, payload = 3, all_in = 4 };

/// Flags of the 64-bit header.
enum Flag : std::uint16_t { kResent = 1, kPreviousBlockDropped = 2, kResendRangeError = 4 };

enum class PayloadType : std::uint16_t { image = 0x0001, chunk_data = 0x0004, image_with_chunks = 0x4001 };

}  // namespace protocol::gvsp
