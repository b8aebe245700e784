#include <doctest/doctest.h>

#include "protocol/gvsp/transmitter.h"
#include "protocol/time.h"
#include "tests/support/received_block.h"

// Floods of resend requests, and their cost for the stream.

using namespace support;
using namespace protocol::gvsp;
using protocol::Time;
using protocol::gvcp::Resend;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kToTheEnd = 0xFFFF'FFFF;
constexpr std::size_t kBlockBytes = 1'464'000;  // 1000 packets
constexpr std::uint32_t kBlockPackets = 1002;

Block block_of(std::uint64_t id, std::size_t bytes = kBlockBytes) {
    Block block;
    block.id = id;
    block.payload.assign(bytes, static_cast<std::uint8_t>(id));
    return block;
}

Resend ask(std::uint64_t block, std::uint32_t first, std::uint32_t last, std::uint32_t from = 1) {
    Resend asked;
    asked.block_id = block;
    asked.first = first;
    asked.last = last;
    asked.from_ip = from;
    return asked;
}

std::vector<StreamPacket> take_all(Transmitter& transmitter, Time until = 1000s) {
    std::vector<StreamPacket> packets;
    while (const auto due = transmitter.deadline()) {
        if (*due > until) break;
        for (const auto& outgoing : transmitter.take(*due))
            packets.push_back(parse_stream_packet(outgoing.packet.flat()));
    }
    return packets;
}

Transmitter::Settings with_quota() {
    Transmitter::Settings settings;
    settings.resend_quota = settings.resend_to_requester = true;
    return settings;
}

}  // namespace

TEST_CASE("a block takes a quarter longer at the most, however many resends are requested") {
    const auto time_of_second = [](bool flood) {
        Transmitter transmitter;
        transmitter.submit(block_of(1), 0s, {});
        (void)take_all(transmitter);
        transmitter.submit(block_of(2), 1s, {});
        for (Time now = 1s;; now += 500us) {
            if (flood) transmitter.resend(ask(1, 0, kToTheEnd), {}, now);
            for (const auto& outgoing : transmitter.take(now)) {
                const auto packet = parse_stream_packet(outgoing.packet.flat());
                if (packet.block_id == 2 && packet.format == 2) return now - Time(1s);
            }
        }
    };
    CHECK(time_of_second(true) <= time_of_second(false) * 1.3);
}

TEST_CASE("requests for blocks that never were are refused now and then, and no more") {
    for (const bool extended : {false, true}) {
        CAPTURE(extended);
        Transmitter::Settings settings;
        settings.layout.extended_ids = extended;
        Transmitter transmitter;
        transmitter.submit(block_of(200, 10'000), 0s, settings);
        (void)take_all(transmitter);
        std::size_t refusals = 0;
        for (int round = 0; round < 200; ++round) {
            for (const std::uint64_t id : {250U, 202U, 90U, 30'000U}) {
                transmitter.resend(ask(id, 0, 0), settings, Time(50ms) * round);
                for (const auto& packet : take_all(transmitter)) {
                    CHECK(packet.content.empty());
                    ++refusals;
                }
            }
        }
        CHECK(refusals == Transmitter::kStrangeRequests);
        // What a client may have missed is refused as before.
        for (const std::uint64_t id : {101U, 199U, 201U}) {
            transmitter.resend(ask(id, 0, 0), settings, 10s);
            REQUIRE(take_all(transmitter).size() == 1);
        }
        transmitter.restart();
        transmitter.resend(ask(7, 0, 0), settings, 10s);
        CHECK(take_all(transmitter).size() == 1);
    }
}

TEST_CASE("short ids come round: what went before the turn is gone, and what follows it is still to come") {
    Transmitter::Settings settings;
    settings.extended_status = true;
    const auto answers = [&](std::uint64_t newest, std::uint64_t asked) {
        Transmitter transmitter;
        transmitter.submit(block_of(newest, 10'000), 0s, settings);
        (void)take_all(transmitter);
        std::vector<std::uint16_t> statuses;
        for (std::size_t i = 0; i < 2 * Transmitter::kStrangeRequests; ++i) {
            transmitter.resend(ask(asked, 0, 0), settings, 1s);
            for (const auto& packet : take_all(transmitter)) statuses.push_back(packet.status);
        }
        return statuses;
    };
    constexpr auto kGone = static_cast<std::uint16_t>(protocol::Status::packet_removed),
                   kToCome = static_cast<std::uint16_t>(protocol::Status::packet_not_yet_available);
    using Statuses = std::vector<std::uint16_t>;
    CHECK(answers(3, 65'500) == Statuses(2 * Transmitter::kStrangeRequests, kGone));
    CHECK(answers(65'535, 1) == Statuses(2 * Transmitter::kStrangeRequests, kToCome));
    CHECK(answers(65'530, 40) == Statuses(Transmitter::kStrangeRequests, kToCome));
}

TEST_CASE("with a quota a requester gets as many packets a second as a block has") {
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, with_quota());
    (void)take_all(transmitter);
    std::size_t first_second = 0, ten_seconds = 0;
    for (Time now = 1s; now < 11s; now += 50ms) {
        transmitter.resend(ask(1, 0, kToTheEnd), with_quota(), now);
        transmitter.resend(ask(2, 0, 5000), with_quota(), now);
        const auto count = take_all(transmitter).size();
        ten_seconds += count;
        if (now < 1s + 50ms) first_second += count;
    }
    CHECK(first_second == kBlockPackets);
    CHECK(ten_seconds <= 11 * kBlockPackets);
    CHECK(ten_seconds >= 10 * kBlockPackets);
}

TEST_CASE("with a quota many requesters get no more than sixteen blocks a second together") {
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, with_quota());
    (void)take_all(transmitter);
    std::size_t packets = 0;
    for (std::uint32_t from = 1; from <= 500; ++from) {
        transmitter.resend(ask(1, 0, kToTheEnd, from), with_quota(), 1s);
        packets += take_all(transmitter).size();
    }
    CHECK(packets == 16 * kBlockPackets);
    transmitter.resend(ask(1, 0, kToTheEnd, 501), with_quota(), 2s);
    CHECK(take_all(transmitter).size() == kBlockPackets);
}

TEST_CASE("one client that loses much is sent all of it again") {
    Transmitter transmitter;
    transmitter.submit(block_of(1), 0s, {});
    (void)take_all(transmitter);
    for (int round = 0; round < 5; ++round) {
        transmitter.resend(ask(1, 0, kToTheEnd), {}, 1s);
        CHECK(take_all(transmitter).size() == kBlockPackets);
    }
}

TEST_CASE("a packet is known by its beginning, sent first or again; others are not") {
    for (const bool extended : {false, true}) {
        CAPTURE(extended);
        Transmitter::Settings settings;
        settings.layout.extended_ids = extended;
        settings.extended_status = true;
        Transmitter transmitter;
        auto block = block_of(3, 14'640);
        for (std::size_t i = 0; i < block.payload.size(); ++i)
            block.payload[i] = static_cast<std::uint8_t>(i * 31 >> 3);
        transmitter.submit(block, 0s, settings);
        const auto packet = make_packet(block, settings.layout, 2).flat();
        CHECK_FALSE(transmitter.has_sent(packet));  // It waits.
        (void)take_all(transmitter);
        const auto header = settings.layout.header_bytes();
        for (const auto size : {header, header + 1, header + 500, packet.size()})
            CHECK(transmitter.has_sent(ByteView(packet).first(size)));
        CHECK(
            transmitter.has_sent(make_packet(block, settings.layout, 2, Sending::again_with_status).flat()));
        for (const auto size : {std::size_t{0}, std::size_t{7}, header - 1})
            CHECK_FALSE(transmitter.has_sent(ByteView(packet).first(size)));
        auto forged = packet;
        forged[header + 40] ^= 1;
        CHECK_FALSE(transmitter.has_sent(forged));
        CHECK_FALSE(transmitter.has_sent(make_packet(block_of(4, 14'640), settings.layout, 2).flat()));
        CHECK_FALSE(transmitter.has_sent(make_test_packet(settings.layout)));
        transmitter.restart();
        CHECK_FALSE(transmitter.has_sent(packet));
    }
}
