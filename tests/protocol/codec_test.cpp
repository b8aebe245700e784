#include <doctest/doctest.h>

#include <set>

#include "protocol/gvcp/codec.h"
#include "tests/support/fake_client.h"

// What a client can send wrongly: every byte of every command, and every length.

using namespace support;
namespace gvcp = protocol::gvcp;

namespace {

const std::vector<Bytes>& commands() {
    static const std::vector<Bytes> all{
        gvcp_command(0x02, 1),
        gvcp_command(0x04, 2, Bytes(56)),
        gvcp_command(0x40, 3, be32(1) + be32(0) + be32(9), 0),
        gvcp_command(0x40, 4, be32(0) + be32(0) + be32(9) + be64(1), 0x10),
        gvcp_command(0x80, 5, be32(0x0A00) + be32(0x0938)),
        gvcp_command(0x82, 6, be32(0x0D18) + be32(0x0A000001) + be32(0x0D00) + be32(51000)),
        gvcp_command(0x84, 7, be32(0x0200) + be32(512)),
        gvcp_command(0x86, 8, be32(0x00E8) + Bytes(16, 'x')),
        gvcp_command(0x86, 9, be32(FakeClient::address_of("ExposureTime")) + be32(5000)),
        gvcp_command(0x0100, 10, be32(1) + be32(2) + be32(3)),
        gvcp_command(0x0100, 11, be32(1) + be32(2) + be32(3) + be64(4), 0x81),
        gvcp_command(0x8004, 12, be32(1)),
        from_hex("000000c10000000c"),
    };
    return all;
}

const std::set<std::uint16_t>& legal_statuses() {
    static const std::set<std::uint16_t> all{0x0000, 0x8001, 0x8002, 0x8003, 0x8004,
                                             0x8005, 0x8006, 0x800E, 0x8FFF};
    return all;
}

/// Sends it and judges what comes back; the camera must still be there afterwards.
void hurl(FakeClient& client, const Bytes& datagram) {
    const auto before = client.acks.size();
    client.raw(datagram);
    REQUIRE(client.acks.size() <= before + 1);
    if (client.acks.size() == before) return;
    const auto& ack = client.acks.back();
    CAPTURE(to_hex(datagram));
    CHECK(legal_statuses().contains(ack.status));
    CHECK(ack.code == static_cast<std::uint16_t>(number_at(datagram, 2, 2) + 1));
    CHECK(ack.id == number_at(datagram, 6, 2));
    const bool tells_index = ack.payload.size() == 4 && (ack.code == 0x83 || ack.code == 0x87);
    CHECK((ack.status == 0 || ack.payload.empty() || tells_index));
}

}  // namespace

TEST_CASE("whatever byte of a command is damaged, the answer is legal and the camera goes on") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (const auto& whole : commands()) {
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (const std::uint8_t damage : {0x01, 0x02, 0x04, 0x10, 0x80, 0x7F, 0xFF}) {
                auto damaged = whole;
                damaged[at] ^= damage;
                hurl(client, damaged);
            }
        }
        camera.run_for(1ms);
    }
    FakeClient other(camera, {.ip = 0x0A000002});
    CHECK(other.command(0x02)->status == 0);
}

TEST_CASE("whatever length a datagram has, the answer is legal and the camera goes on") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (const auto& whole : commands()) {
        for (std::size_t length = 0; length <= whole.size() + 9; ++length) {
            auto layout = whole;
            layout.resize(length);
            hurl(client, layout);  // The length in the header differs from the datagram's.
            if (length < 8) continue;
            layout[4] = static_cast<std::uint8_t>((length - 8) >> 8);
            layout[5] = static_cast<std::uint8_t>(length - 8);
            hurl(client, layout);  // The length in the header is right.
        }
    }
    CHECK(client.command(0x02)->status == 0);
}

TEST_CASE("a datagram that is no command is not answered") {
    VirtualCamera camera;
    FakeClient client(camera);
    for (const auto& nothing : {Bytes{}, Bytes{0x42}, from_hex("42010002000000"),
                                from_hex("4301000200000001"), Bytes(8), Bytes(600)}) {
        CHECK_FALSE(client.raw(nothing));
    }
}

TEST_CASE("a command that was made is parsed into what it was made of") {
    Dice dice(1);
    for (int i = 0; i < 200; ++i) {
        Bytes payload(dice.below(541));
        for (auto& byte : payload) byte = static_cast<std::uint8_t>(dice.next());
        const auto flags = static_cast<std::uint8_t>(dice.next());
        const auto id = static_cast<std::uint16_t>(dice.next());
        const auto datagram = gvcp::make_command(gvcp::Code::write_memory, flags, id, payload);
        const auto parsed = gvcp::parse_command(datagram);
        REQUIRE(parsed);
        CHECK(parsed->flags == flags);
        CHECK(parsed->request_id == id);
        CHECK(parsed->length == payload.size());
        CHECK(parsed->wants_ack() == ((flags & 1) != 0));
        CHECK(std::ranges::equal(parsed->payload, payload));
    }
}

TEST_CASE("of the packet ids in a standard resend request only 24 bits count") {
    const auto parse = [](std::uint32_t first, std::uint32_t last, bool extended) {
        const auto payload = be32(1) + be32(first) + be32(last) + (extended ? be64(1) : Bytes{});
        const auto datagram = gvcp_command(0x40, 1, payload, extended ? 0x10 : 0);
        const auto asked = gvcp::parse_resend(*gvcp::parse_command(datagram));
        REQUIRE(asked);
        return std::pair{asked->first, asked->last};
    };
    CHECK(parse(0xFF000001, 0xAA000002, false) == std::pair{1U, 2U});
    CHECK(parse(0, 0x00FFFFFF, false) == std::pair{0U, 0xFFFFFFFFU});
    CHECK(parse(0, 0xFFFFFFFF, false) == std::pair{0U, 0xFFFFFFFFU});
    CHECK(parse(0, 0x00FFFFFF, true) == std::pair{0U, 0x00FFFFFFU});
    CHECK(parse(0, 0xFFFFFFFF, true) == std::pair{0U, 0xFFFFFFFFU});
}

TEST_CASE("a count of memory may be written as 16 or as 32 bits") {
    const auto datagram = gvcp_command(0x84, 1, be32(0x200) + Bytes{0xAB, 0xCD, 0x00, 0x10});
    const auto range = gvcp::parse_read_memory(*gvcp::parse_command(datagram));
    REQUIRE(range);
    CHECK(range->size_bytes == 16);
}
