#include <doctest/doctest.h>

#include "protocol/gvsp/block.h"
#include "protocol/gvsp/chunks.h"
#include "tests/support/received_block.h"

// How a block is cut into packets.

using namespace support;
using namespace protocol::gvsp;

namespace {

Block block_of(std::size_t bytes, PayloadType type = PayloadType::image) {
    Block block;
    block.type = type;
    block.size_x = 640;
    block.size_y = 480;
    Dice dice(bytes);
    block.payload.resize(bytes);
    for (auto& byte : block.payload) byte = static_cast<std::uint8_t>(dice.next());
    return block;
}

ReceivedBlock through_the_wire(const Block& block, const PacketLayout& layout) {
    ReceivedBlock received;
    for (std::uint32_t id = 0; id < packet_count(block, layout); ++id) {
        const auto packet = make_packet(block, layout, id);
        const auto bytes = packet.flat();
        CHECK(bytes.size() == packet.size_bytes());
        CHECK(bytes.size() + 28 <= layout.packet_size_bytes);
        const auto parsed = parse_stream_packet(bytes);
        CHECK(parsed.packet_id == id);
        CHECK(parsed.block_id == block.id);
        received.take(parsed, {});
    }
    return received;
}

}  // namespace

TEST_CASE("whatever the packet size, a block comes out as it went in, in as few packets as possible") {
    for (std::uint32_t size = 576; size <= 16364; size += size < 1600 ? 4 : 668) {
        for (const bool extended : {false, true}) {
            const PacketLayout layout{.packet_size_bytes = size, .extended_ids = extended};
            const std::size_t per_packet = size - (extended ? 48 : 36);
            CHECK(layout.payload_bytes() == per_packet);
            for (const std::size_t bytes : {std::size_t{1}, per_packet - 1, per_packet, per_packet + 1,
                                            3 * per_packet, std::size_t{10'007}}) {
                CAPTURE(size);
                CAPTURE(bytes);
                const auto block = block_of(bytes);
                const auto received = through_the_wire(block, layout);
                CHECK(received.complete());
                CHECK(received.payload() == block.payload);
                CHECK(received.parts.size() == (bytes + per_packet - 1) / per_packet);
                // All packets are full but the last, which is as long as it must be.
                for (const auto& [id, part] : received.parts) {
                    if (id < received.parts.size()) CHECK(part.size() == per_packet);
                }
            }
        }
    }
}

TEST_CASE("a full frame of a real camera is cut into 3424 full packets and one of 768 bytes") {
    const PacketLayout layout;
    const auto block = block_of(2448 * 2048);
    CHECK(payload_packets(block, layout) == 3425);
    CHECK(make_packet(block, layout, 3424).size_bytes() == 1472);
    CHECK(make_packet(block, layout, 3425).size_bytes() == 776);
    CHECK(make_packet(block, layout, 3426).size_bytes() == 16);
    CHECK(packet_count(block, layout) == 3427);
}

TEST_CASE("a leader has all fields of the image") {
    auto block = block_of(100);
    block.timestamp_ticks = 0x0123'4567'89AB'CDEF;
    block.pixel_format = PixelFormat::BayerRG12p;
    block.size_x = 2048;
    block.size_y = 1536;
    block.offset_x = 12;
    block.offset_y = 34;
    const auto received = through_the_wire(block, {});
    REQUIRE(received.leader->size() == 36);
    CHECK(number_at(*received.leader, 0, 4) == 0x0001);
    CHECK(received.timestamp() == block.timestamp_ticks);
    CHECK(received.pixel_format() == 0x010C0059);
    CHECK(received.size_x() == 2048);
    CHECK(received.size_y() == 1536);
    CHECK(received.offset_x() == 12);
    CHECK(received.offset_y() == 34);
    CHECK(number_at(*received.leader, 32, 4) == 0);  // No padding.
    CHECK(received.trailer->size() == 8);
    CHECK(number_at(*received.trailer, 4, 4) == 1536);
}

TEST_CASE("chunks are read from the end, tag by tag, and cover the payload") {
    auto block = block_of(640 * 2, PayloadType::image_with_chunks);
    append_chunk_tag(block.payload, 0x1, block.payload.size());
    append_chunk(block.payload, 0x8001, be32(12'345));
    append_chunk(block.payload, 0x8002, be64(7));
    block.chunk_layout_id = 42;
    const auto received = through_the_wire(block, {});
    const auto payload = received.payload();
    CHECK(number_at(*received.trailer, 8, 4) == payload.size());
    CHECK(number_at(*received.trailer, 12, 4) == 42);

    std::vector<std::pair<std::uint64_t, std::uint64_t>> chunks;
    std::size_t end = payload.size();
    while (end >= 8) {
        const auto id = number_at(payload, end - 8, 4), length = number_at(payload, end - 4, 4);
        REQUIRE(length + 8 <= end);
        chunks.emplace_back(id, length);
        end -= length + 8;
    }
    CHECK(end == 0);
    CHECK(chunks == decltype(chunks){{0x8002, 8}, {0x8001, 4}, {0x1, 1280}});
}

TEST_CASE("a block goes in one packet (all-in) only if that is enabled and fits") {
    const PacketLayout wished{.packet_size_bytes = 576, .extended_ids = false, .all_in = true};
    const auto room = wished.payload_bytes() - 36 - 8;
    CHECK(packet_count(block_of(room), wished) == 1);
    CHECK(packet_count(block_of(room + 1), wished) == 3);
    CHECK(packet_count(block_of(room), {.packet_size_bytes = 576}) == 3);
    const auto chunks = block_of(room, PayloadType::image_with_chunks);
    CHECK(packet_count(chunks, wished) == 3);  // Its trailer is longer.
    const auto packet = parse_stream_packet(make_packet(block_of(room), wished, 0).flat());
    CHECK(packet.format == 4);
    CHECK(packet.content.size() == 36 + 8 + room);
}

TEST_CASE("with 64-bit ids the header flags resends and lost blocks, and the id is whole") {
    auto block = block_of(10);
    block.id = 0x1'2345'6789'ABCD;
    block.previous_dropped = true;
    const PacketLayout layout{.packet_size_bytes = 1500, .extended_ids = true};
    const auto first = parse_stream_packet(make_packet(block, layout, 1).flat());
    CHECK(first.block_id == block.id);
    CHECK(first.flags == 2);
    CHECK(first.status == 0);
    const auto again = parse_stream_packet(make_packet(block, layout, 1, Sending::again).flat());
    CHECK(again.flags == 3);
    CHECK(again.status == 0);
    CHECK(again.content == first.content);
    CHECK(parse_stream_packet(make_packet(block, layout, 1, Sending::again_with_status).flat()).status ==
          0x0100);
}

TEST_CASE("a test packet's pseudo-random words have the longest possible period") {
    const auto packet = make_test_packet({.packet_size_bytes = 16364});
    CHECK(packet.size() == 16336);
    std::uint32_t word = 0xFFFF, steps = 0;
    do {
        if (8 + 2 * steps + 1 < packet.size()) REQUIRE(number_at(packet, 8 + 2 * steps, 2) == word);
        word = (word >> 1) ^ ((word & 1) ? 0x8016 : 0);
        ++steps;
    } while (word != 0xFFFF);
    CHECK(steps == 65535);
    const auto extended = make_test_packet({.packet_size_bytes = 1500, .extended_ids = true});
    CHECK(extended.size() == 1472);
    CHECK(to_hex(extended).substr(0, 48) == "0000000080000000000000000000000000000000ffffffe9");
}

TEST_CASE("the code of a pixel format contains its size") {
    CHECK(image_bytes(PixelFormat::BayerRG8, 2048, 1536) == 3'145'728);
    CHECK(image_bytes(PixelFormat::BayerRG12p, 2048, 1536) == 4'718'592);
    CHECK(image_bytes(PixelFormat::BayerRG12Packed, 2048, 1536) == 4'718'592);
    CHECK(image_bytes(PixelFormat::BayerRG16, 2048, 1536) == 6'291'456);
}
