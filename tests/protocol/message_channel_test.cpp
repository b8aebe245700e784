#include <doctest/doctest.h>

#include "protocol/gvcp/message_channel.h"
#include "protocol/time.h"
#include "tests/support/wire.h"

// Events on their way: queue, acknowledge, repetition.

using namespace support;
using protocol::Endpoint;
using protocol::MessageChannelSettings;
using protocol::Time;
using protocol::gvcp::MessageChannel;
using namespace std::chrono_literals;

namespace {

constexpr Endpoint kClient{.ip = 0x0A000001, .port = 52000};

MessageChannelSettings open_settings(std::uint32_t timeout_ms = 300, std::uint32_t retries = 2) {
    return {.host_port = kClient.port,
            .destination_ip = kClient.ip,
            .timeout_ms = timeout_ms,
            .retries = retries};
}

Bytes ack_of(const Bytes& command) { return be16(0) + be16(0xC1) + be16(0) + Bytes{command[6], command[7]}; }
std::uint64_t id_of(const Bytes& command) { return number_at(command, 6, 2); }
std::size_t items(const Bytes& command) { return (command.size() - 8) / 16; }

}  // namespace

TEST_CASE("an event is repeated with the same bytes until it is acknowledged, and then dropped") {
    const auto settings = open_settings(300, 2);
    MessageChannel channel(settings);
    channel.post({.id = 0x9001, .ticks = 5, .channel = 0, .block_id = 7});
    const auto first = channel.poll(1s);
    REQUIRE(first.size() == 1);
    CHECK(to_hex(first[0]) == "420100c00010000100009001000000070000000000000005");
    CHECK(channel.deadline() == 1300ms);
    CHECK(channel.poll(1299ms).empty());
    CHECK(channel.poll(1300ms) == first);
    CHECK(channel.poll(1600ms) == first);
    CHECK(channel.poll(1900ms).empty());
    CHECK_FALSE(channel.deadline());
}

TEST_CASE("the right acknowledge ends the waiting, and the next command has the next number") {
    const auto settings = open_settings();
    MessageChannel channel(settings);
    channel.post({.id = 1});
    const auto first = channel.poll(0s);
    channel.handle(ack_of(first[0]), kClient);
    CHECK_FALSE(channel.deadline());
    channel.post({.id = 2});
    CHECK(channel.deadline().has_value());
    const auto second = channel.poll(1s);
    REQUIRE(second.size() == 1);
    CHECK(id_of(second[0]) == id_of(first[0]) + 1);
}

TEST_CASE("a malformed datagram is no acknowledge") {
    const auto settings = open_settings();
    MessageChannel channel(settings);
    channel.post({.id = 1});
    const auto sent = channel.poll(0s);
    const auto right = ack_of(sent[0]);
    channel.handle({}, kClient);
    channel.handle(Bytes(8), kClient);
    channel.handle(ByteView(right).first(7), kClient);
    channel.handle(right, {.ip = 0x0A000002, .port = 52000});
    auto wrong_id = right, wrong_code = right;
    ++wrong_id[7];
    wrong_code[3] = 0xC3;
    channel.handle(wrong_id, kClient);
    channel.handle(wrong_code, kClient);
    CHECK(channel.deadline() == 300ms);
    channel.handle(right, kClient);
    CHECK_FALSE(channel.deadline());
    channel.handle(right, kClient);
    CHECK_FALSE(channel.deadline());
}

TEST_CASE("while one command waits the others queue, and then travel together") {
    const auto settings = open_settings();
    MessageChannel channel(settings);
    channel.post({.id = 1});
    const auto first = channel.poll(0s);
    for (std::uint16_t id = 2; id <= 51; ++id) {
        channel.post({.id = id});
        CHECK(channel.poll(1ms).empty());
    }
    channel.handle(ack_of(first[0]), kClient);
    const auto second = channel.poll(2ms);
    REQUIRE(second.size() == 1);
    CHECK(items(second[0]) == 33);  // 33 items of 16 bytes fit into 540.
    channel.handle(ack_of(second[0]), kClient);
    const auto third = channel.poll(3ms);
    REQUIRE(third.size() == 1);
    CHECK(items(third[0]) == 17);
    for (std::size_t i = 0; i < 17; ++i) CHECK(number_at(third[0], 8 + 16 * i + 2, 2) == 35 + i);
}

TEST_CASE("an event with data travels alone, as EVENTDATA, and is acknowledged as such") {
    const auto settings = open_settings();
    MessageChannel channel(settings);
    channel.post({.id = 1});
    const auto first = channel.poll(0s);
    channel.post({.id = 2});
    channel.post({.id = 0x9005, .ticks = 9, .data = {0, 0, 0x12, 0x34}});
    channel.post({.id = 0x9006, .ticks = 10, .data = {0, 0, 0, 1}});
    channel.post({.id = 3});
    channel.handle(ack_of(first[0]), kClient);
    const auto second = channel.poll(1ms);
    REQUIRE(second.size() == 1);
    CHECK(items(second[0]) == 1);
    channel.handle(ack_of(second[0]), kClient);
    const auto third = channel.poll(2ms);
    REQUIRE(third.size() == 1);
    CHECK(to_hex(third[0]) == "420100c20014000300009005ffff0000000000000000000900001234");
    channel.handle(ack_of(third[0]), kClient);  // The acknowledge of another command.
    CHECK(channel.poll(3ms).empty());
    auto ack = ack_of(third[0]);
    ack[3] = 0xC3;
    channel.handle(ack, kClient);
    const auto fourth = channel.poll(4ms);
    REQUIRE(fourth.size() == 1);
    CHECK(number_at(fourth[0], 2, 2) == 0xC2);
    CHECK(number_at(fourth[0], 10, 2) == 0x9006);
    CHECK(number_at(fourth[0], 4, 2) == 20);
}

TEST_CASE("without a timeout no acknowledge is requested or awaited") {
    const auto settings = open_settings(0, 5);
    MessageChannel channel(settings);
    for (std::uint16_t id = 1; id <= 3; ++id) {
        channel.post({.id = id});
        const auto sent = channel.poll(0s);
        REQUIRE(sent.size() == 1);
        CHECK((sent[0][1] & 1) == 0);
        CHECK_FALSE(channel.deadline());
    }
}

TEST_CASE("without retries an event is sent once") {
    const auto settings = open_settings(300, 0);
    MessageChannel channel(settings);
    channel.post({.id = 1});
    CHECK(channel.poll(0s).size() == 1);
    CHECK(channel.poll(300ms).empty());
    CHECK_FALSE(channel.deadline());
}

TEST_CASE("any number of retries is a number of retries") {
    const auto settings = open_settings(1, 0xFFFF'FFFF);
    MessageChannel channel(settings);
    channel.post({.id = 1});
    for (int i = 0; i < 100; ++i) CHECK(channel.poll(Time(i * 1ms)).size() == 1);
}

TEST_CASE("the queue has an end, and what does not fit is lost") {
    const auto settings = open_settings();
    MessageChannel channel(settings);
    Bytes on_its_way;
    for (int i = 0; i < 10'000; ++i) {
        channel.post({.id = 1});
        for (const auto& sent : channel.poll(0s)) on_its_way = sent;
    }
    REQUIRE(items(on_its_way) == 1);
    channel.handle(ack_of(on_its_way), kClient);
    std::size_t queued = 0;
    while (channel.deadline()) {
        const auto sent = channel.poll(0s);
        REQUIRE(sent.size() == 1);
        queued += items(sent[0]);
        channel.handle(ack_of(sent[0]), kClient);
    }
    CHECK(queued == MessageChannel::kQueueLength);
}

TEST_CASE("a closed channel takes nothing and sends nothing") {
    MessageChannelSettings settings;
    MessageChannel channel(settings);
    channel.post({.id = 1});
    CHECK(channel.poll(0s).empty());
    CHECK_FALSE(channel.deadline());
    settings = open_settings();
    CHECK(channel.poll(0s).empty());
    channel.post({.id = 1});
    settings.host_port = 0;
    CHECK(channel.poll(1s).empty());
    CHECK_FALSE(channel.deadline());
}

TEST_CASE("a channel without destination is closed") {
    auto settings = open_settings();
    settings.destination_ip = 0;
    CHECK_FALSE(settings.open());
}

TEST_CASE("request numbers leave out zero") {
    const auto settings = open_settings(0);
    MessageChannel channel(settings);
    std::uint64_t last = 0;
    for (int i = 0; i < 70'000; ++i) {
        channel.post({.id = 1});
        const auto sent = channel.poll(0s);
        const auto id = id_of(sent.at(0));
        REQUIRE(id == (last == 0xFFFF ? 1 : last + 1));
        last = id;
    }
}
