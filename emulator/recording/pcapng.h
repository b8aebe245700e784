#pragma once

#include <string_view>

#include "emulator/net/packet_tap.h"

namespace emulator::recording {

// pcapng (draft-ietf-opsawg-pcapng), in the byte order of this host: one interface of raw IP packets, whose
// stamps count nanoseconds of the camera's clock.

/// Largest datagram that fits into an IP packet.
inline constexpr std::size_t kDatagramBytesMax = 65'507;

/// What a file begins with: section header, and the description of its interface.
[[nodiscard]] protocol::Bytes pcapng_begin(std::string_view interface_name);

/// The size of the block of a datagram.
[[nodiscard]] std::size_t packet_block_bytes(const net::TappedPacket&);

/// Appends a datagram with headers of IP and UDP as it might have had them: a right checksum of IP, none of
/// UDP, and this identification.
void append_packet(protocol::Bytes& out, const net::TappedPacket&, std::uint64_t ticks, std::uint16_t id);

/// A datagram of a file.
struct RecordedPacket {
    std::uint64_t ticks = 0;
    protocol::Endpoint from, to;
    protocol::ByteView content;  // points into the file
};

/// Reads the UDP datagrams of a file of this host's byte order, its own or another program's with raw IP or
/// Ethernet; what is no UDP datagram is passed over.
class PcapngReader {
  public:
    explicit PcapngReader(protocol::ByteView file) : rest_(file) {}
    /// False at the end of the file, or of what can be read of it.
    bool next(RecordedPacket&);
    /// It ended before its last block did, or is no file of this kind.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    bool take_block(std::uint32_t type, protocol::ByteView body, RecordedPacket&);

    protocol::ByteView rest_;
    bool broken_ = false, begun_ = false;
    std::uint16_t link_type_ = 0;
    std::uint64_t units_per_second_ = 1'000'000;
};

}  // namespace emulator::recording
