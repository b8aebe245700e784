#include "protocol/ptp/message.h"

#include <doctest/doctest.h>

#include "protocol/time.h"
#include "tests/support/wire.h"

using namespace protocol::ptp;
using namespace std::chrono_literals;
using protocol::Time;
using support::from_hex;
using support::operator+;
using support::to_hex;

// The bytes are written down from the tables of IEEE 1588-2008, 13.3 to 13.8.

namespace {

constexpr PortIdentity kSource{.clock = 0x0007'48FF'FE12'3456, .port = 1};

const auto kSync = from_hex(
    "00 02 002c 00 00 0200 0000000000000000 00000000 000748fffe123456 0001 1234 00 00"
    "000065a0bc00 1dcd6500");
const auto kFollowUp = from_hex(
    "08 02 002c 00 00 0000 0000000000028000 00000000 000748fffe123456 0001 1234 02 00"
    "000065a0bc00 1dcd6501");
const auto kDelayRequest = from_hex(
    "01 02 002c 00 00 0000 ffffffffffff0000 00000000 000748fffe123456 0001 ffff 01 7f"
    "000000000000 00000000");
const auto kDelayResponse = from_hex(
    "09 02 0036 00 00 0000 0000000000000000 00000000 000748fffe123456 0001 0007 03 fd"
    "000000000001 3b9ac9ff 001122fffe334455 0002");
const auto kAnnounce = from_hex(
    "0b 02 0040 00 00 0000 0000000000000000 00000000 000748fffe123456 0001 0009 05 01"
    "000000000000 00000000 0025 00 80 f8 fe ffff 81 001122fffe334455 0003 a0");

Message timed(Type type, std::uint16_t sequence, std::int8_t log_interval, Time time) {
    Message message;
    message.type = type;
    message.source = kSource;
    message.sequence = sequence;
    message.log_interval = log_interval;
    message.time = protocol::Timestamp(time);
    return message;
}

std::vector<std::pair<protocol::Bytes, Message>> all() {
    const auto second = Time(std::chrono::seconds(0x65A0BC00));
    auto sync = timed(Type::sync, 0x1234, 0, second + 500ms);
    sync.flags = kTwoStep;
    auto follow_up = timed(Type::follow_up, 0x1234, 0, second + 500ms + 1ns);
    follow_up.scaled_correction = 0x28000;  // 2.5 ns
    auto request = timed(Type::delay_request, 0xFFFF, 0x7F, {});
    request.scaled_correction = -0x10000;
    auto response = timed(Type::delay_response, 7, -3, 1s + 999'999'999ns);
    response.requester = {.clock = 0x0011'22FF'FE33'4455, .port = 2};
    auto announce = timed(Type::announce, 9, 1, {});
    announce.master = {
        .priority2 = 129, .grandmaster = 0x0011'22FF'FE33'4455, .steps_removed = 3, .sender = kSource};
    return {{kSync, sync},
            {kFollowUp, follow_up},
            {kDelayRequest, request},
            {kDelayResponse, response},
            {kAnnounce, announce}};
}

}  // namespace

TEST_CASE("ptp message: what stands in the standard's tables is what is read and written") {
    for (const auto& pair : all()) {
        const auto& [bytes, message] = pair;
        CAPTURE(to_hex(pair.first));
        CHECK(to_hex(encode(message)) == to_hex(bytes));
        const auto parsed = parse(bytes);
        REQUIRE(parsed);
        CHECK(*parsed == message);
    }
}

TEST_CASE("ptp message: a correction counts whole nanoseconds, and rounds down") {
    CHECK(parse(kFollowUp)->correction() == 2ns);
    CHECK(parse(kDelayRequest)->correction() == -1ns);
}

TEST_CASE("ptp message: a shortened one is none, a lengthened one is the same") {
    for (const auto& [bytes, message] : all()) {
        for (std::size_t size = 0; size < bytes.size(); ++size)
            CHECK_FALSE(parse(protocol::ByteView(bytes).first(size)));
        CHECK(parse(bytes + protocol::Bytes(11, 0xA5)) == message);  // Ethernet's padding
        auto with_tlv = bytes + from_hex("0003 0004 00112233");
        with_tlv[3] = static_cast<std::uint8_t>(with_tlv[3] + 8);
        CHECK(parse(with_tlv) == message);
        auto too_long = bytes;
        too_long[3] = static_cast<std::uint8_t>(too_long[3] + 1);
        CHECK_FALSE(parse(too_long));
        auto too_short = bytes;
        too_short[3] = static_cast<std::uint8_t>(too_short[3] - 1);
        CHECK_FALSE(parse(too_short));
    }
}

TEST_CASE(
    "ptp message: minor versions and transport bits are nobody's business, other versions are not ours") {
    for (const auto& [bytes, message] : all()) {
        auto changed = bytes;
        changed[1] = 0x12;
        changed[0] |= 0x10;
        CHECK(parse(changed) == message);
        for (const std::uint8_t version : {0, 1, 3, 15}) {
            changed[1] = version;
            CHECK_FALSE(parse(changed));
        }
    }
}

TEST_CASE("ptp message: unsupported types are not messages") {
    for (const std::uint8_t type : {2, 3, 4, 5, 6, 7, 0xA, 0xC, 0xD, 0xE, 0xF}) {
        auto bytes = kAnnounce;
        bytes[0] = type;
        CHECK_FALSE(parse(bytes));
    }
}

TEST_CASE("ptp message: a second has less than 10^9 nanoseconds, and time ends in 2106") {
    auto bytes = kSync;
    std::ranges::copy(from_hex("3b9ac9ff"), bytes.begin() + 40);
    CHECK(parse(bytes));
    std::ranges::copy(from_hex("3b9aca00"), bytes.begin() + 40);
    CHECK_FALSE(parse(bytes));
    for (const auto* late : {"0000ffffffff 00000000", "000100000000 00000000", "ffffffffffff 3b9ac9ff"}) {
        std::ranges::copy(from_hex(late), bytes.begin() + 34);
        CHECK_FALSE(parse(bytes));
    }
    std::ranges::copy(from_hex("0000fffffffe 3b9ac9ff"), bytes.begin() + 34);
    CHECK(parse(bytes)->time == kEndOfTime - 1ns);
}

TEST_CASE("ptp message: a clock's identity has FFFE in the middle of its hardware address") {
    CHECK(clock_identity_of_mac(0x0007'4812'3456) == 0x0007'48FF'FE12'3456);
}
