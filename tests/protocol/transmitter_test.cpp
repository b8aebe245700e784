#include <doctest/doctest.h>

#include "protocol/gvsp/transmitter.h"
#include "protocol/time.h"
#include "tests/support/received_block.h"

// Times of packets, and resends.

using namespace support;
using namespace protocol::gvsp;
using protocol::gvcp::Resend;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kToTheEnd = 0xFFFF'FFFF;

Block block_of(std::uint64_t id, std::size_t bytes = 146'400) {  // 100 packets of 1464 bytes
    Block block;
    block.id = id;
    block.payload.assign(bytes, static_cast<std::uint8_t>(id));
    return block;
}

struct Sent {
    protocol::Time at;
    std::size_t wire_bytes;  // on the Ethernet: 38 bytes more than the IP packet
    StreamPacket packet;
    std::uint32_t to_ip;
};

/// Lets the transmitter send as long as it has something to send, and up to a time.
std::vector<Sent> run(Transmitter& transmitter, protocol::Time until = 1000s) {
    std::vector<Sent> sent;
    while (const auto due = transmitter.deadline()) {
        if (*due > until) break;
        for (const auto& outgoing : transmitter.take(*due)) {
            sent.push_back({*due, outgoing.packet.size_bytes() + 28 + 38,
                            parse_stream_packet(outgoing.packet.flat()), outgoing.to_ip});
        }
    }
    return sent;
}

std::size_t wire_bytes(const std::vector<Sent>& sent) {
    std::size_t bytes = 0;
    for (const auto& one : sent) bytes += one.wire_bytes;
    return bytes;
}

Transmitter::Settings settings(Pace pace = {}, bool extended_status = false) {
    Transmitter::Settings all;
    all.pace = pace;
    all.extended_status = extended_status;
    return all;
}

std::vector<std::uint16_t> statuses(const std::vector<Sent>& sent) {
    std::vector<std::uint16_t> all;
    for (const auto& one : sent) all.push_back(one.packet.status);
    return all;
}

Resend ask(std::uint64_t block, std::uint32_t first, std::uint32_t last) {
    Resend asked;
    asked.block_id = block;
    asked.first = first;
    asked.last = last;
    asked.from_ip = 77;
    return asked;
}

}  // namespace

TEST_CASE("a packet keeps the wire busy for its bytes and those that Ethernet adds") {
    CHECK(slot(1472, {}) == 12'304ns);  // 1538 bytes at a gigabit
    CHECK(slot(8, {}) == 672ns);        // the shortest Ethernet frame, 84 bytes
    CHECK(slot(1472, {.gap = 5us}) == 17'304ns);
    CHECK(slot(1472, {.limit_bytes_per_s = 1'500'000}) == 1ms);  // 1500 bytes of IP
    CHECK(slot(1472, {.link_bits_per_s = 100'000'000}) == 123'040ns);
}

TEST_CASE("in the long run the stream has the speed of the wire") {
    for (const std::uint64_t speed : {100'000'000ULL, 1'000'000'000ULL, 10'000'000'000ULL}) {
        CAPTURE(speed);
        Transmitter transmitter;
        for (std::uint64_t id = 1; id <= 5; ++id)
            REQUIRE(transmitter.submit(block_of(id, 3'145'728), 0s, settings({.link_bits_per_s = speed})));
        const auto sent = run(transmitter);
        const auto seconds = static_cast<double>(sent.back().at.count()) * 1e-9;
        CHECK(static_cast<double>(wire_bytes(sent)) * 8 / seconds ==
              doctest::Approx(static_cast<double>(speed)).epsilon(0.02));
    }
}

TEST_CASE("a block takes as long on the wire as computed") {
    for (const Pace pace : {Pace{}, Pace{.gap = 20us}, Pace{.limit_bytes_per_s = 20'000'000}}) {
        Transmitter transmitter;
        for (std::uint64_t id = 1; id <= 4; ++id)
            transmitter.submit(block_of(id, 1'000'000), 0s, settings(pace));
        const auto sent = run(transmitter);
        const auto told = 4 * transfer_time(1'000'000, {}, pace);
        CHECK(static_cast<double>(sent.back().at.count()) ==
              doctest::Approx(static_cast<double>(told.count())).epsilon(0.02));
    }
}

TEST_CASE("the throughput limit and the packet delay slow the stream down to what they say") {
    Transmitter limited;
    limited.submit(block_of(1, 1'000'000), 0s, settings({.limit_bytes_per_s = 10'000'000}));
    const auto sent = run(limited);
    const auto ip_bytes = wire_bytes(sent) - 38 * sent.size();
    CHECK(static_cast<double>(ip_bytes) / (static_cast<double>(sent.back().at.count()) * 1e-9) ==
          doctest::Approx(10e6).epsilon(0.01));

    Transmitter delayed;
    delayed.submit(block_of(1), 0s, settings({.gap = 1ms}));
    const auto slow = run(delayed);
    CHECK(slow.size() == 102);
    for (std::size_t i = 2; i + 1 < slow.size(); ++i) CHECK(slow[i].at - slow[i - 1].at == 1ms + 12'304ns);
}

TEST_CASE("a block does not begin before its time") {
    Transmitter transmitter;
    transmitter.submit(block_of(1), 5ms, settings());
    transmitter.submit(block_of(2), 50ms, settings());
    CHECK(transmitter.deadline() == 5ms);
    CHECK(transmitter.take(4ms).empty());
    const auto sent = run(transmitter);
    for (const auto& one : sent) CHECK(one.at >= (one.packet.block_id == 1 ? 5ms : 50ms));
    CHECK(sent.size() == 204);
}

TEST_CASE("packets of a block leave in order, each once") {
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, settings());
    const auto sent = run(transmitter);
    REQUIRE(sent.size() == 102);
    for (std::uint32_t i = 0; i < 102; ++i) CHECK(sent[i].packet.packet_id == i);
    CHECK_FALSE(transmitter.deadline());
    CHECK(transmitter.take(1s).empty());
}

TEST_CASE("blocks that wait can be abandoned, and the block under way is finished") {
    Transmitter transmitter;
    for (std::uint64_t id = 1; id <= 4; ++id) REQUIRE(transmitter.submit(block_of(id), 0s, settings()));
    std::map<std::uint64_t, std::size_t> packets{{1, transmitter.take(0s).size()}};
    CHECK(transmitter.abandon_waiting() == std::vector<std::uint64_t>{2, 3, 4});
    CHECK(transmitter.abandon_waiting().empty());
    REQUIRE(transmitter.submit(block_of(5), 0s, settings()));
    for (const auto& one : run(transmitter)) ++packets[one.packet.block_id];
    CHECK(packets == std::map<std::uint64_t, std::size_t>{{1, 102}, {5, 102}});
}

TEST_CASE("what the wire is too slow for is dropped, and the next block says so") {
    Transmitter transmitter;
    auto extended = settings();
    extended.layout.extended_ids = true;
    std::uint64_t id = 1;
    while (transmitter.submit(block_of(id), 0s, extended)) ++id;
    CHECK(id == 1 + Transmitter::kBlocksWaiting);
    (void)run(transmitter);
    REQUIRE(transmitter.submit(block_of(id + 1), 0s, extended));
    REQUIRE(transmitter.submit(block_of(id + 2), 0s, extended));
    for (const auto& one : run(transmitter))
        CHECK(one.packet.flags == (one.packet.block_id == id + 1 ? 2 : 0));
}

TEST_CASE("any packet that was sent is sent again, the leader and the trailer as well") {
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, settings({}, true));
    const auto first = run(transmitter);
    for (std::uint32_t id = 0; id < 102; ++id) {
        transmitter.resend(ask(1, id, id), settings({}, true), 0s);
        const auto again = run(transmitter);
        REQUIRE(again.size() == 1);
        CHECK(again[0].packet.status == 0x0100);
        CHECK(again[0].packet.packet_id == id);
        CHECK(again[0].packet.format == first[id].packet.format);
        CHECK(again[0].packet.content == first[id].packet.content);
    }
    transmitter.resend(ask(1, 90, kToTheEnd), settings(), 0s);
    CHECK(run(transmitter).size() == 12);
    transmitter.resend(ask(1, 0, 101), settings(), 0s);
    CHECK(run(transmitter).size() == 102);
}

TEST_CASE("what cannot be sent again is refused with the reason, where reasons are enabled") {
    for (const bool reasons : {false, true}) {
        CAPTURE(reasons);
        const auto with = settings({}, reasons);
        Transmitter transmitter;
        transmitter.submit(block_of(5), 0s, with);
        const auto begun = run(transmitter, 600us);  // A part of the block is on its way.
        REQUIRE(begun.size() < 102);
        const auto next = static_cast<std::uint32_t>(begun.size());

        const auto answer = [&](const Resend& asked) {
            transmitter.resend(asked, with, 0s);
            std::vector<StreamPacket> refusals;
            for (const auto& one : run(transmitter, 1100us)) {
                if (one.packet.status & 0x8000) refusals.push_back(one.packet);
            }
            return refusals;
        };

        SUBCASE("a block that is gone") {
            const auto refusals = answer(ask(4, 3, 5));
            REQUIRE(refusals.size() == 3);
            for (std::uint32_t i = 0; i < 3; ++i) {
                CHECK(refusals[i].status == (reasons ? 0x8012 : 0x800C));
                CHECK(refusals[i].block_id == 4);
                CHECK(refusals[i].packet_id == 3 + i);
                CHECK(refusals[i].format == 3);
                CHECK(refusals[i].content.empty());
            }
        }
        SUBCASE("a packet that has not been sent") {
            CHECK(answer(ask(5, next + 5, next + 5)).at(0).status == (reasons ? 0x8010 : 0x800C));
        }
        SUBCASE("a block that has not been sent") {
            CHECK(answer(ask(6, 0, 0)).at(0).status == (reasons ? 0x8010 : 0x800C));
        }
        SUBCASE("packets beyond the block") { CHECK(answer(ask(5, 102, 110)).at(0).status == 0x800C); }
        SUBCASE("a range upside down") { CHECK(answer(ask(5, 3, 2)).at(0).status == 0x800C); }
    }
}

TEST_CASE("a range error is flagged in the 64-bit header") {
    auto extended = settings();
    extended.layout.extended_ids = true;
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, extended);
    (void)run(transmitter);
    transmitter.resend(ask(1, 200, 1000), extended, 0s);
    for (const auto& one : run(transmitter)) CHECK(one.packet.flags == 4);
}

TEST_CASE("of a range that goes beyond the block, what there is comes, and the rest is refused") {
    auto extended = settings({}, true);
    extended.layout.extended_ids = true;
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, extended);
    const auto packets = static_cast<std::uint32_t>(run(transmitter).size());
    transmitter.resend(ask(1, packets - 2, packets + 2), extended, 0s);
    const auto sent = run(transmitter);
    CHECK(statuses(sent) == std::vector<std::uint16_t>{0x0100, 0x0100, 0x800C, 0x800C, 0x800C});
    for (std::uint32_t i = 0; i < sent.size(); ++i) {
        CHECK(sent[i].packet.packet_id == packets - 2 + i);
        CHECK(sent[i].packet.flags == (i < 2 ? 1 : 4));
    }
}

TEST_CASE("a newer block with the same short id is meant, not the older") {
    Transmitter transmitter;
    auto old = block_of(7);
    old.payload.assign(2000, 0xAA);
    auto fresh = block_of(7);
    fresh.payload.assign(2000, 0xBB);
    transmitter.submit(old, 0s, settings());
    transmitter.submit(fresh, 0s, settings());
    (void)run(transmitter);
    transmitter.resend(ask(7, 1, 1), settings(), 0s);
    CHECK(run(transmitter).at(0).packet.content.at(0) == 0xBB);
}

TEST_CASE("resent packets go between the others and do not hold the stream up") {
    Transmitter transmitter;
    transmitter.submit(block_of(1, 1'464'000), 0s, settings());
    (void)run(transmitter);
    transmitter.submit(block_of(2, 1'464'000), 1s, settings());
    (void)transmitter.take(1s);
    transmitter.resend(ask(1, 0, kToTheEnd), settings(), 0s);
    std::size_t of_old = 0, of_new = 0;
    for (const auto& one : run(transmitter, 1s + 10ms)) ++(one.packet.block_id == 1 ? of_old : of_new);
    CHECK(of_new > 600);
    CHECK(of_old > 100);  // a fifth of the time
}

TEST_CASE("long gaps between packets do not let resent packets hold the stream up") {
    const auto slow = settings({.gap = 10ms});
    Transmitter transmitter;
    transmitter.submit(block_of(1, 1'464'000), 0s, settings());
    (void)run(transmitter);
    transmitter.submit(block_of(2), 1s, slow);
    transmitter.resend(ask(1, 0, kToTheEnd), slow, 0s);
    std::size_t of_old = 0, of_new = 0;
    for (const auto& one : run(transmitter, 1s + 200ms)) ++(one.packet.block_id == 1 ? of_old : of_new);
    CHECK(of_new >= 10);  // every other packet at least
    CHECK(of_old >= 9);
}

TEST_CASE("a client that keeps asking does not make the camera keep everything") {
    Transmitter transmitter;
    protocol::Time now = 0s;
    std::uint64_t id = 0;
    std::size_t refused = 0;
    for (int frame = 0; frame < 100; ++frame) {
        transmitter.submit(block_of(++id, 2'000'000), now, settings());
        for (const auto until = now + 20ms; now < until; now += 500us) {
            transmitter.resend(ask(std::max<std::uint64_t>(id, 2) - 1, 0, kToTheEnd), settings(), 0s);
            (void)transmitter.take(now);
        }
    }
    transmitter.resend(ask(id - 60, 0, 0), settings(), 0s);
    (void)run(transmitter);
    // 100 frames of 2 MB went by; the history holds about 48 MB.
    transmitter.resend(ask(id - 60, 0, 0), settings(), 0s);
    for (const auto& one : run(transmitter)) refused += one.packet.status == 0x800C;
    CHECK(refused == 1);
    CHECK(transmitter.history_bytes() <=
          Transmitter::kHistoryBytes + Transmitter::kBlocksWaiting * 2'000'000);
}

TEST_CASE("the history holds several frames, and not more than its bounds") {
    Transmitter transmitter;
    std::uint64_t id = 0;
    for (int i = 0; i < 40; ++i) {
        transmitter.submit(block_of(++id, 3'145'728), 0s, settings());
        (void)run(transmitter);
    }
    CHECK(transmitter.history_bytes() <= Transmitter::kHistoryBytes + 3'145'728);
    for (const std::uint64_t back : {0U, 1U, 5U, 10U}) {
        transmitter.resend(ask(id - back, 1, 1), settings(), 0s);
        CHECK(statuses(run(transmitter)) == std::vector<std::uint16_t>{0});
    }
    for (int i = 0; i < 1000; ++i) {
        transmitter.submit(block_of(++id, 1000), 0s, settings());
        (void)run(transmitter);
    }
    transmitter.resend(ask(id - 250, 1, 1), settings(), 0s);
    CHECK(statuses(run(transmitter)) == std::vector<std::uint16_t>{0});
    transmitter.resend(ask(id - 300, 1, 1), settings(), 0s);
    CHECK(statuses(run(transmitter)) == std::vector<std::uint16_t>{0x800C});
}

TEST_CASE("the queue of packets to be sent again has an end") {
    Transmitter transmitter;
    transmitter.submit(block_of(1, 14'640'000), 0s, settings());
    (void)run(transmitter);
    for (int i = 0; i < 10; ++i) transmitter.resend(ask(1, 0, kToTheEnd), settings(), 0s);
    CHECK(run(transmitter).size() == Transmitter::kResendsWaiting);
}

TEST_CASE("a refused block of thousands of packets is not refused by thousands of packets") {
    Transmitter transmitter;
    transmitter.resend(ask(1, 0, kToTheEnd), settings(), 0s);
    CHECK(run(transmitter).size() == 1);
    transmitter.resend(ask(1, 0, 5000), settings(), 0s);
    CHECK(run(transmitter).size() <= 64);
    transmitter.resend(ask(1, 5000, 0), settings(), 0s);
    CHECK(run(transmitter).size() == 1);
}

TEST_CASE("resent packets go to the requester where that is set") {
    Transmitter transmitter;
    auto to_requester = settings();
    to_requester.resend_to_requester = true;
    transmitter.submit(block_of(1), 0s, to_requester);
    for (const auto& one : run(transmitter)) CHECK(one.to_ip == 0);
    transmitter.resend(ask(1, 0, 3), to_requester, 0s);
    for (const auto& one : run(transmitter)) CHECK(one.to_ip == 77);
}

TEST_CASE("a restart discards everything") {
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, settings());
    (void)run(transmitter, 600us);
    transmitter.resend(ask(1, 0, 0), settings(), 0s);
    transmitter.restart();
    CHECK_FALSE(transmitter.deadline());
    transmitter.resend(ask(1, 0, 0), settings(), 0s);
    CHECK(statuses(run(transmitter)) == std::vector<std::uint16_t>{0x800C});
}
