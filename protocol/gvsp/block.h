#pragma once

#include <array>
#include <optional>

#include "protocol/bytes.h"
#include "protocol/gvsp/format.h"
#include "protocol/gvsp/pixel_format.h"
#include "protocol/result.h"

namespace protocol::gvsp {

/// GVSP block: one image with the fields of its leader and trailer, and its payload.
struct Block {
    std::uint64_t id = 1;  // starts at 1 when the channel opens; 0 is the test packet
    PayloadType type = PayloadType::image;
    std::uint64_t timestamp_ticks = 0;  // start of exposure
    PixelFormat pixel_format = PixelFormat::BayerRG8;
    std::uint32_t size_x = 0, size_y = 0, offset_x = 0, offset_y = 0;  // pixels
    std::uint32_t chunk_layout_id = 0;
    std::optional<std::uint32_t> lines_sent{};  // as the trailer says; without it `size_y`
    bool previous_dropped = false;              // the block before this one was not sent
    std::uint64_t frame = 0;                    // of the device, which goes on where ids begin again
    Bytes payload;                              // pixels, and chunks if the type says so
};

/// How blocks are cut into packets.
struct PacketLayout {
    std::uint32_t packet_size_bytes = 1500;  // of the IP packet
    bool extended_ids = false;
    bool all_in = false;  // a block that fits travels in one packet

    [[nodiscard]] std::size_t header_bytes() const {
        return extended_ids ? kExtendedHeaderBytes : kHeaderBytes;
    }
    [[nodiscard]] std::size_t payload_bytes() const {
        return packet_size_bytes - kIpUdpHeaderBytes - header_bytes();
    }
};

/// A packet: its own bytes, then `data`, which points into the block's payload.
struct Packet {
    std::array<std::uint8_t, 84> head{};
    std::size_t head_bytes = 0;
    ByteView data;

    [[nodiscard]] std::size_t size_bytes() const { return head_bytes + data.size(); }
    [[nodiscard]] Bytes flat() const;
};

/// What the header of a packet says about its place.
struct PacketId {
    std::uint64_t block = 0;
    std::uint32_t packet = 0;
    Format format = Format::payload;
    bool extended = false;  // a 64-bit header
};
/// The beginning of a packet holds a whole header at least.
[[nodiscard]] PacketId packet_id(ByteView beginning, bool extended_ids);
[[nodiscard]] PacketId packet_id(const Packet&);

/// Whether a packet is sent for the first time, or again.
enum class Sending { first, again, again_with_status };

[[nodiscard]] std::uint32_t payload_packets(const Block&, const PacketLayout&);
/// Leader, payload packets and trailer; 1 if the block goes all in one.
[[nodiscard]] std::uint32_t packet_count(const Block&, const PacketLayout&);
/// Packet `id` of a block, below `packet_count`. The same for the first time and for every resend.
[[nodiscard]] Packet make_packet(const Block&, const PacketLayout&, std::uint32_t id,
                                 Sending sending = Sending::first);
/// A packet without data whose status says why the requested one is not available.
[[nodiscard]] Packet make_refusal(std::uint64_t block_id, std::uint32_t id, Status, const PacketLayout&,
                                  std::uint16_t flags = 0);

/// A test packet of exactly `packet_size_bytes` of IP length: a zero header, and the standard's pseudo-random
/// bytes.
[[nodiscard]] Bytes make_test_packet(const PacketLayout&);

}  // namespace protocol::gvsp
