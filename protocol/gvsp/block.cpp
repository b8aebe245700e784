#include "protocol/gvsp/block.h"

#include <algorithm>
#include <cassert>

namespace protocol::gvsp {
namespace {

std::uint16_t status_of(Sending sending) {
    return static_cast<std::uint16_t>(sending == Sending::again_with_status ? Status::packet_resend
                                                                            : Status::success);
}

std::uint16_t flags_of(const Block& block, Sending sending) {
    return static_cast<std::uint16_t>((sending != Sending::first ? kResent : 0) |
                                      (block.previous_dropped ? kPreviousBlockDropped : 0));
}

/// Fills the head of a packet, field by field.
class Head {
  public:
    explicit Head(Packet& packet) : packet_(packet) {}

    template <std::unsigned_integral T>
    Head& put(T value) {
        store(std::span(packet_.head).subspan(packet_.head_bytes), value);
        packet_.head_bytes += sizeof(T);
        return *this;
    }
    Head& u8(std::uint8_t value) { return put(value); }
    Head& u16(std::uint16_t value) { return put(value); }
    Head& u32(std::uint32_t value) { return put(value); }
    Head& u64(std::uint64_t value) { return put(value); }

    Head& header(const PacketLayout& layout, std::uint16_t status, std::uint16_t flags,
                 std::uint64_t block_id, Format format, std::uint32_t packet_id) {
        const auto code = static_cast<std::uint32_t>(format);
        if (layout.extended_ids)
            return u16(status).u16(flags).u32((0x80 | code) << 24).u64(block_id).u32(packet_id);
        return u16(status).u16(static_cast<std::uint16_t>(block_id)).u32(code << 24 | (packet_id & 0xFFFFFF));
    }

    Head& leader(const Block& block) {
        u16(0).u16(static_cast<std::uint16_t>(block.type)).u64(block.timestamp_ticks);
        if (block.type == PayloadType::chunk_data) return *this;
        u32(static_cast<std::uint32_t>(block.pixel_format)).u32(block.size_x).u32(block.size_y);
        return u32(block.offset_x).u32(block.offset_y).u16(0).u16(0);  // no padding
    }

    Head& trailer(const Block& block) {
        const auto chunk_bytes = static_cast<std::uint32_t>(block.payload.size());
        u16(0).u16(static_cast<std::uint16_t>(block.type));
        if (block.type == PayloadType::chunk_data) return u32(chunk_bytes);
        u32(block.lines_sent.value_or(block.size_y));
        if (block.type == PayloadType::image_with_chunks) u32(chunk_bytes).u32(block.chunk_layout_id);
        return *this;
    }

  private:
    Packet& packet_;
};

std::size_t trailer_bytes(const Block& block) {
    return block.type == PayloadType::image_with_chunks ? kChunkTrailerBytes : kImageTrailerBytes;
}

bool goes_all_in(const Block& block, const PacketLayout& layout) {
    const auto content = kImageLeaderBytes + trailer_bytes(block) + block.payload.size();
    return layout.all_in && content <= layout.payload_bytes();
}

}  // namespace

Bytes Packet::flat() const { return Writer().bytes(std::span(head).first(head_bytes)).bytes(data).take(); }

PacketId packet_id(ByteView beginning, bool extended_ids) {
    const auto format = static_cast<Format>(beginning[4] & 0x7F);
    if (extended_ids)
        return {load<std::uint64_t>(beginning.subspan(8)), load<std::uint32_t>(beginning.subspan(16)), format,
                true};
    return {load<std::uint16_t>(beginning.subspan(2)), load<std::uint32_t>(beginning.subspan(4)) & 0xFF'FFFF,
            format, false};
}

PacketId packet_id(const Packet& packet) {
    const auto head = std::span(packet.head).first(packet.head_bytes);
    return packet_id(head, (head[4] & 0x80) != 0);
}

std::uint32_t payload_packets(const Block& block, const PacketLayout& layout) {
    return static_cast<std::uint32_t>((block.payload.size() + layout.payload_bytes() - 1) /
                                      layout.payload_bytes());
}

std::uint32_t packet_count(const Block& block, const PacketLayout& layout) {
    return goes_all_in(block, layout) ? 1 : payload_packets(block, layout) + 2;
}

Packet make_packet(const Block& block, const PacketLayout& layout, std::uint32_t id, Sending sending) {
    assert(id < packet_count(block, layout));
    Packet packet;
    Head head(packet);
    const auto begin = [&](Format format) -> Head& {
        return head.header(layout, status_of(sending), flags_of(block, sending), block.id, format, id);
    };
    if (goes_all_in(block, layout)) {
        begin(Format::all_in).leader(block).trailer(block);
        packet.data = block.payload;
    } else if (id == 0) {
        begin(Format::leader).leader(block);
    } else if (id == payload_packets(block, layout) + 1) {
        begin(Format::trailer).trailer(block);
    } else {
        begin(Format::payload);
        const auto at = std::size_t{id - 1} * layout.payload_bytes();
        packet.data =
            ByteView(block.payload).subspan(at, std::min(layout.payload_bytes(), block.payload.size() - at));
    }
    return packet;
}

Packet make_refusal(std::uint64_t block_id, std::uint32_t id, Status status, const PacketLayout& layout,
                    std::uint16_t flags) {
    Packet packet;
    Head(packet).header(layout, static_cast<std::uint16_t>(status), flags, block_id, Format::payload, id);
    return packet;
}

// A right-shifting Galois LFSR with the polynomial mask 0x8016, one 16-bit word a step.
Bytes make_test_packet(const PacketLayout& layout) {
    Bytes packet(layout.packet_size_bytes - kIpUdpHeaderBytes);
    if (layout.extended_ids) packet[4] = 0x80;
    std::uint16_t word = 0xFFFF;
    for (auto at = layout.header_bytes(); at + 1 < packet.size(); at += 2) {
        store(std::span(packet).subspan(at), word);
        word = static_cast<std::uint16_t>((word >> 1) ^ (word & 1 ? 0x8016 : 0));
    }
    return packet;
}

}  // namespace protocol::gvsp
