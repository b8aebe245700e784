#include <doctest/doctest.h>

#include <algorithm>

#include "tests/stories/faults/fault_camera.h"

// Faults of whole frames, as a client sees them.

using namespace fault_camera;

namespace {

/// The blocks that a client gets with a fault.
std::map<std::uint64_t, ReceivedBlock> blocks_with(const json& fault, int frames) {
    FaultCamera faulty;
    faulty.set(fault);
    faulty.stream(frames);
    return faulty.client.blocks;
}

}  // namespace

TEST_CASE("faults: frame_truncated sends the first lines, and the trailer says how many") {
    for (const double part : {0.0, 0.25, 0.99}) {
        CAPTURE(part);
        const auto blocks = blocks_with({{"fault", "frame_truncated"}, {"part", part}, {"blocks", {2}}}, 3);
        REQUIRE(blocks.size() == 3);
        const auto& block = blocks.at(2);
        const auto lines = static_cast<std::uint32_t>(64 * part);
        CHECK(block.complete());
        CHECK(block.size_y() == 64);
        CHECK(block.payload().size() == 528 * lines);
        CHECK(number_at(*block.trailer, 4, 4) == lines);
        CHECK(blocks.at(1).payload().size() == 528 * 64);
        CHECK(number_at(*blocks.at(1).trailer, 4, 4) == 64);
    }
}

TEST_CASE("faults: leader or trailer of a block never arrive, even if they are asked for") {
    for (const bool leader : {true, false}) {
        CAPTURE(leader);
        FaultCamera faulty(true);
        const auto id =
            faulty.set({{"fault", leader ? "leader_missing" : "trailer_missing"}, {"blocks", {2}}});
        faulty.stream(3);
        REQUIRE(faulty.client.blocks.size() == 3);
        const auto& block = faulty.client.blocks.at(2);
        CHECK(block.leader.has_value() != leader);
        CHECK(block.trailer.has_value() == leader);
        CHECK(block.parts.size() == kPackets - 2);
        CHECK(faulty.client.complete_blocks() == 2);
        CHECK(faulty.hits(id) >= 1);
    }
}

TEST_CASE("faults: leader_size_wrong changes the leader alone") {
    const auto blocks = blocks_with({{"fault", "leader_size_wrong"}, {"width", 4096}, {"every", 2}}, 4);
    REQUIRE(blocks.size() == 4);
    for (const auto& entry : blocks) {
        CHECK(entry.second.size_x() == (entry.first % 2 == 0 ? 4096 : 528));
        CHECK(entry.second.size_y() == 64);
        CHECK(entry.second.payload().size() == 528 * 64);
        CHECK(number_at(*entry.second.trailer, 4, 4) == 64);
    }
    const auto tall = blocks_with({{"fault", "leader_size_wrong"}, {"height", 4294967295.0}}, 1);
    CHECK(tall.at(1).size_y() == 0xFFFF'FFFF);
    CHECK(number_at(*tall.at(1).trailer, 4, 4) == 64);
}

TEST_CASE("faults: block_id_wrong gives one frame another id") {
    const auto blocks = blocks_with({{"fault", "block_id_wrong"}, {"offset", 100}, {"blocks", {2}}}, 3);
    CHECK(blocks.size() == 3);
    CHECK(blocks.contains(1));
    CHECK(blocks.contains(102));
    CHECK(blocks.contains(3));
}

TEST_CASE("faults: block ids pass their end without 0, in an open channel and in a new one") {
    for (const bool extended : {false, true}) {
        for (const bool open : {false, true}) {
            CAPTURE(extended);
            CAPTURE(open);
            FaultCamera faulty(true);
            if (extended) CHECK(faulty.client.write(0x0960, 0x4000'0000) == 0);
            if (open) {
                faulty.client.open_stream();
                faulty.client.start();
                faulty.camera.run_for(200ms);
                faulty.client.blocks.clear();
            }
            faulty.set({{"fault", "block_id_wrap"}, {"before", 2}});
            if (!open) faulty.client.open_stream();
            const auto packets = faulty.packets(6);
            std::vector<std::uint64_t> ids;
            for (const auto& one : packets)
                if (one.packet.format == 1) ids.push_back(one.packet.block_id);
            const std::uint64_t last = extended ? UINT64_MAX : 0xFFFF;
            const auto at = std::ranges::find(ids, last - 2);
            REQUIRE(ids.end() - at >= 6);
            CHECK(std::vector(at, at + 6) == std::vector{last - 2, last - 1, last, 1UL, 2UL, 3UL});
            for (const auto& one : packets) CHECK((one.packet.flags & 2) == 0);
        }
    }
}

TEST_CASE("faults: block ids go on before their end although an exposure of before is broken off") {
    for (const bool extended : {false, true}) {
        CAPTURE(extended);
        FaultCamera faulty(true);
        if (extended) CHECK(faulty.client.write(0x0960, 0x4000'0000) == 0);
        CHECK(faulty.client.set("ExposureTime", 50'000) == 0);
        faulty.client.open_stream();
        faulty.client.start();
        faulty.camera.run_for(20ms);
        faulty.set({{"fault", "block_id_wrap"}, {"before", 2}});
        faulty.client.stop();
        faulty.client.start();
        const auto packets = faulty.packets(2);
        REQUIRE_FALSE(packets.empty());
        CHECK(packets[0].packet.block_id == (extended ? UINT64_MAX : 0xFFFF) - 2);
    }
}

TEST_CASE("faults: timestamps jump, or wrap at 2^64") {
    const auto plain = blocks_with({{"fault", "packet_loss"}, {"rate", 0}}, 5);
    const auto jump = blocks_with({{"fault", "timestamp_jump"}, {"jump_us", 5e6}, {"blocks", {3}}}, 5);
    const auto wrap = blocks_with({{"fault", "timestamp_wrap"}, {"before_us", 50'000}}, 5);
    REQUIRE(plain.size() == 5);
    for (const auto& entry : plain) {
        const auto id = entry.first;
        const auto stamp = entry.second.timestamp();
        CHECK(jump.at(id).timestamp() == stamp + (id == 3 ? 5'000'000'000 : 0));
        CHECK(wrap.at(id).timestamp() == stamp - plain.at(1).timestamp() - 50'000'000);
    }
    CHECK(wrap.at(2).timestamp() > UINT64_MAX / 2);
    CHECK(wrap.at(3).timestamp() < 1'000'000'000);
}

TEST_CASE("faults: payload_stale repeats the pixels of the frame before") {
    const auto blocks = blocks_with({{"fault", "payload_stale"}, {"blocks", {1, 3, 4}}}, 5);
    REQUIRE(blocks.size() == 5);
    CHECK(blocks.at(2).payload() != blocks.at(1).payload());
    CHECK(blocks.at(3).payload() == blocks.at(2).payload());
    CHECK(blocks.at(4).payload() == blocks.at(2).payload());
    CHECK(blocks.at(5).payload() != blocks.at(2).payload());
    CHECK(blocks.at(3).timestamp() > blocks.at(2).timestamp());
}

TEST_CASE("faults: those of frames are alike in two runs, and leave no trace") {
    const json orders[]{{{"fault", "frame_truncated"}, {"rate", 0.5}},
                        {{"fault", "leader_missing"}, {"every", 2}},
                        {{"fault", "trailer_missing"}, {"every", 2}},
                        {{"fault", "leader_size_wrong"}, {"width", 1}, {"every", 2}},
                        {{"fault", "block_id_wrong"}, {"every", 2}},
                        {{"fault", "block_id_wrap"}},
                        {{"fault", "timestamp_jump"}, {"jump_us", -1}, {"every", 2}},
                        {{"fault", "timestamp_wrap"}},
                        {{"fault", "payload_stale"}, {"every", 2}}};
    for (const auto& order : orders) {
        CAPTURE(order.dump());
        check_laws(order, order["fault"] == "block_id_wrap");
    }
}
