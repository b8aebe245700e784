#include <doctest/doctest.h>

#include "protocol/dhcp/message.h"

namespace {

namespace dhcp = protocol::dhcp;

constexpr std::uint64_t kMac = 0x0007'4857'22E9;
constexpr std::uint32_t kTransaction = 0x1234'5678, kServer = 0x0A27'1A02, kLeased = 0x0A27'1A4D;

/// A server's answer with these options, as RFC 2131 lays it out.
protocol::Bytes answer(const protocol::Bytes& options, std::uint32_t transaction = kTransaction,
                       std::uint64_t mac = kMac) {
    return protocol::Writer()
        .u8(2)
        .u8(1)
        .u8(6)
        .u8(0)
        .u32(transaction)
        .zeros(8)
        .u32(kLeased)
        .zeros(8)
        .u16(static_cast<std::uint16_t>(mac >> 32))
        .u32(static_cast<std::uint32_t>(mac))
        .zeros(10 + 192)
        .u32(0x6382'5363)
        .bytes(options)
        .take();
}

const protocol::Bytes kAck{53, 1, 5, 1,  4,  255, 255, 255, 0,  0, 51, 4,
                           0,  0, 0, 80, 54, 4,   10,  39,  26, 2, 255};

}  // namespace

TEST_CASE("dhcp: a discover asks for answers by broadcast, and a renewal for one by its address") {
    const auto discover = dhcp::make({.transaction = kTransaction, .mac = kMac});
    CHECK(discover.size() >= 300);
    CHECK(protocol::load<std::uint32_t>(protocol::ByteView(discover).subspan(4)) == kTransaction);
    CHECK(discover[10] == 0x80);
    CHECK(discover[242] == 1);
    const auto renewal = dhcp::make(
        {.type = dhcp::Type::request, .transaction = kTransaction, .mac = kMac, .own_ip = kLeased});
    CHECK(renewal[10] == 0);
    CHECK(protocol::load<std::uint32_t>(protocol::ByteView(renewal).subspan(12)) == kLeased);
}

TEST_CASE(
    "dhcp: an acknowledge has address, mask, server and lease; half and seven eighths of it by default") {
    const auto told = dhcp::parse(answer(kAck), kTransaction, kMac);
    REQUIRE(told);
    CHECK(told->type == dhcp::Type::ack);
    CHECK(told->ip == kLeased);
    CHECK(told->mask == 0xFFFF'FF00);
    CHECK(told->server == kServer);
    CHECK(told->lease_s == 80);
    CHECK(told->renew_s == 40);
    CHECK(told->rebind_s == 70);
}

TEST_CASE("dhcp: answers to others, and what is cut anywhere, are none") {
    CHECK_FALSE(dhcp::parse(answer(kAck, kTransaction + 1), kTransaction, kMac));
    CHECK_FALSE(dhcp::parse(answer(kAck, kTransaction, kMac + 1), kTransaction, kMac));
    const auto whole = answer(kAck);
    for (std::size_t size = 0; size < 240; ++size)
        CHECK_FALSE(dhcp::parse(protocol::ByteView(whole).first(size), kTransaction, kMac));
    for (std::size_t size = 240; size < whole.size(); ++size)
        (void)dhcp::parse(protocol::ByteView(whole).first(size), kTransaction, kMac);
    CHECK_FALSE(dhcp::parse(answer({53, 200, 5}), kTransaction, kMac));
    CHECK_FALSE(dhcp::parse(dhcp::make({.transaction = kTransaction, .mac = kMac}), kTransaction, kMac));
}
