#include <doctest/doctest.h>

#include "protocol/arp/packet.h"

namespace {

namespace arp = protocol::arp;

constexpr std::uint64_t kOwn = 0x0200'0000'0001, kOther = 0x0200'0000'0002;
constexpr std::uint32_t kIp = 0xA9FE'0102;

}  // namespace

TEST_CASE("arp: a frame says what was put into it, and what is cut or not ARP says nothing") {
    const auto frame = arp::make_frame({.sender_mac = kOwn, .sender_ip = kIp, .target_ip = kIp + 1});
    const auto told = arp::parse_frame(frame);
    REQUIRE(told);
    CHECK(told->request);
    CHECK(told->sender_mac == kOwn);
    CHECK(told->sender_ip == kIp);
    CHECK(told->target_ip == kIp + 1);
    for (std::size_t size = 0; size < frame.size(); ++size)
        CHECK_FALSE(arp::parse_frame(protocol::ByteView(frame).first(size)));
    auto other = frame;
    other[13] = 0;  // another EtherType
    CHECK_FALSE(arp::parse_frame(other));
}

TEST_CASE("arp: who has the address, or probes for it, conflicts; who asks for it or is oneself does not") {
    CHECK(arp::conflicts({.sender_mac = kOther, .sender_ip = kIp}, kIp, kOwn));
    CHECK(arp::conflicts({.request = false, .sender_mac = kOther, .sender_ip = kIp}, kIp, kOwn));
    CHECK(arp::conflicts({.sender_mac = kOther, .sender_ip = 0, .target_ip = kIp}, kIp, kOwn));
    CHECK_FALSE(arp::conflicts({.sender_mac = kOther, .sender_ip = kIp + 1, .target_ip = kIp}, kIp, kOwn));
    CHECK_FALSE(arp::conflicts({.sender_mac = kOwn, .sender_ip = 0, .target_ip = kIp}, kIp, kOwn));
}
