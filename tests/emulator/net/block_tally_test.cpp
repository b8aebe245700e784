#include <doctest/doctest.h>

#include "emulator/net/block_tally.h"

using emulator::net::BlockTally;
using namespace std::chrono_literals;
using Outgoing = protocol::gvsp::Transmitter::Outgoing;

// The count of packets by block: what is told, and when.

namespace {

Outgoing packet_of(std::uint64_t block_id, Outgoing::Kind kind = Outgoing::Kind::first) {
    Outgoing packet;
    packet.block_id = block_id;
    packet.kind = kind;
    return packet;
}

}  // namespace

TEST_CASE("block tally: a block is told when nothing more is to be sent, with the times of its packets") {
    BlockTally tally;
    CHECK(!tally.due(0ms, true));
    for (int i = 0; i < 5; ++i) tally.sent(packet_of(7), 10ms + i * 1ms);
    CHECK(!tally.due(15ms, false));
    CHECK(tally.due(15ms, true));
    const auto told = tally.take(15ms);
    REQUIRE(told.size() == 1);
    CHECK(told[0].block_id == 7);
    CHECK(told[0].packets == 5);
    CHECK(told[0].first == 10ms);
    CHECK(told[0].last == 14ms);
    CHECK(!tally.due(16ms, true));
}

TEST_CASE("block tally: while blocks follow each other they are told together, 50 times a second") {
    BlockTally tally;
    tally.sent(packet_of(1), 1ms);
    tally.sent(packet_of(2), 2ms);
    CHECK(tally.due(2ms, false));
    CHECK(tally.take(2ms).size() == 2);
    tally.sent(packet_of(2), 3ms);
    tally.sent(packet_of(3), 4ms);
    CHECK(!tally.due(4ms, false));
    CHECK(!tally.due(21'999'999ns, false));
    CHECK(tally.due(22ms, false));
}

TEST_CASE("block tally: resends, refusals and requests are counted apart, and strangers do not grow it") {
    BlockTally tally;
    tally.asked(1);
    tally.asked(1);
    tally.sent(packet_of(1, Outgoing::Kind::again), 1ms);
    tally.sent(packet_of(1, Outgoing::Kind::refusal), 1ms);
    for (std::uint64_t id = 100; id < 100 + 10 * BlockTally::kBlocks; ++id) tally.asked(id);
    const auto told = tally.take(1ms);
    CHECK(told.size() == BlockTally::kBlocks);
    CHECK(told[0].packets == 0);
    CHECK(told[0].resend_requests == 2);
    CHECK(told[0].packets_resent == 1);
    CHECK(told[0].packets_refused == 1);
    tally.sent(packet_of(5), 2ms);
    CHECK(tally.restart().size() == 1);
    CHECK(!tally.due(3ms, true));
    CHECK(tally.restart().empty());
}
