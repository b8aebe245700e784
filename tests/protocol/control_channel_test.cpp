#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// Which status belongs to which mistake, and how commands are acknowledged.

using namespace support;

namespace {

constexpr std::uint16_t kNotImplemented = 0x8001, kInvalidParameter = 0x8002, kInvalidAddress = 0x8003,
                        kWriteProtect = 0x8004, kBadAlignment = 0x8005, kDenied = 0x8006,
                        kInvalidHeader = 0x800E;
constexpr std::uint32_t kUnmapped = 0x0F00'0000;

std::uint16_t status_of(const std::optional<Ack>& ack) { return ack.value_or(Ack{}).status; }

}  // namespace

TEST_CASE("each error has its status") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto exposure = FakeClient::address_of("ExposureTime");

    SUBCASE("unknown commands") {
        for (const std::uint16_t code : {0x0000, 0x0006, 0x0088, 0x00C0, 0x00C2, 0x8004, 0xFFFF}) {
            CHECK(status_of(client.command(code)) == kNotImplemented);
        }
    }
    SUBCASE("a header that does not fit its datagram") {
        auto datagram = gvcp_command(0x80, 1, be32(0x0A00));
        datagram[5] = 8;
        CHECK(status_of(client.raw(datagram)) == kInvalidHeader);
        datagram.resize(10);
        CHECK(status_of(client.raw(datagram)) == kInvalidHeader);
    }
    SUBCASE("a resend with such a header, which nobody is told") {
        auto datagram = gvcp_command(0x40, 1, Bytes(12));
        for (const std::uint8_t length : {0, 8, 11, 13, 20, 255}) {
            datagram[5] = length;
            CHECK_FALSE(client.raw(datagram));
        }
        for (const std::size_t size : {8, 12, 19, 21, 28, 500}) {
            datagram.resize(size);
            CHECK_FALSE(client.raw(datagram));
        }
        CHECK_FALSE(client.command(0x40, Bytes(3)));
    }
    SUBCASE("reads of registers") {
        CHECK(status_of(client.command(0x80)) == kInvalidParameter);
        CHECK(status_of(client.command(0x80, Bytes(3))) == kInvalidParameter);
        CHECK(status_of(client.command(0x80, be32(kUnmapped))) == kInvalidAddress);
        CHECK(status_of(client.command(0x80, be32(0x9000))) == kInvalidAddress);
        CHECK(status_of(client.command(0x80, be32(0x01D0))) == kInvalidAddress);
        CHECK(status_of(client.command(0x80, be32(0x0A01))) == kBadAlignment);
        CHECK(status_of(client.command(0x80, be32(exposure + 2))) == kBadAlignment);
    }
    SUBCASE("reads of memory") {
        CHECK(status_of(client.command(0x84)) == kInvalidParameter);
        CHECK(status_of(client.command(0x84, be32(0x200))) == kInvalidParameter);
        CHECK(status_of(client.read_memory(0x200, 0)) == kInvalidParameter);
        CHECK(status_of(client.read_memory(0x200, 540)) == kInvalidParameter);
        CHECK(status_of(client.read_memory(0x200, 0xFFFC)) == kInvalidParameter);
        CHECK(status_of(client.read_memory(0x200, 536)) == 0);
        CHECK(status_of(client.read_memory(0x201, 4)) == kBadAlignment);
        CHECK(status_of(client.read_memory(0x200, 6)) == kBadAlignment);
        CHECK(status_of(client.read_memory(0x9000, 512)) == kInvalidAddress);
        CHECK(status_of(client.read_memory(0x01D0, 8)) == kInvalidAddress);
        CHECK(status_of(client.read_memory(kUnmapped, 4)) == kInvalidAddress);
        CHECK(status_of(client.read_memory(0xFFFF'FFFC, 8)) == kInvalidAddress);
    }
    SUBCASE("writes of registers") {
        CHECK(status_of(client.command(0x82)) == kInvalidParameter);
        CHECK(status_of(client.command(0x82, be32(exposure))) == kInvalidParameter);
        CHECK(client.write(kUnmapped, 1) == kInvalidAddress);
        CHECK(client.write(0x0600, 1) == kWriteProtect);
        CHECK(client.write(0x0A14, 1) == kWriteProtect);
        CHECK(client.set("PayloadSize", 1) == kWriteProtect);
        CHECK(client.write(0x0A02, 2) == kBadAlignment);
        CHECK(client.write(exposure, 0) == kInvalidParameter);
        CHECK(client.write(exposure, 30'000'001) == kInvalidParameter);
        CHECK(client.write(0x0A00, 4) == kInvalidParameter);
        CHECK(client.write(0x0A00, 8) == kInvalidParameter);
        CHECK(client.write(0x0944, 4) == kInvalidParameter);
        CHECK(client.write(0x0950, 1001) == kInvalidParameter);
    }
    SUBCASE("writes of memory") {
        CHECK(status_of(client.command(0x86)) == kInvalidParameter);
        CHECK(status_of(client.command(0x86, be32(exposure))) == kInvalidParameter);
        CHECK(client.write_memory(0xE8, Bytes(540)) == kInvalidParameter);
        CHECK(client.write_memory(0xE8, Bytes(5)) == kBadAlignment);
        CHECK(client.write_memory(0xEA, Bytes(4)) == kBadAlignment);
        CHECK(client.write_memory(kUnmapped, Bytes(4)) == kInvalidAddress);
        CHECK(client.write_memory(0x0200, Bytes(4)) == kWriteProtect);
        CHECK(client.write_memory(0x0001'0000, Bytes(4)) == kWriteProtect);  // The description file.
        CHECK(client.write_memory(exposure, be32(0)) == kInvalidParameter);
    }
    SUBCASE("addresses and actions") {
        CHECK(status_of(client.command(0x02, Bytes(4))) == kInvalidParameter);
        CHECK(status_of(client.command(0x04)) == kInvalidParameter);
        CHECK(status_of(client.command(0x04, Bytes(52))) == kInvalidParameter);
        CHECK(status_of(client.command(0x0100, Bytes(8))) == kInvalidParameter);
        CHECK(status_of(client.command(0x0100, Bytes(12), 0x81)) == kInvalidParameter);
        CHECK_FALSE(client.command(0x0100, Bytes(12)));  // No action signal matches.
    }
    CHECK(client.must_read(0x0A00) == 2);
}

TEST_CASE("of several errors the first in the order of evaluation is reported") {
    VirtualCamera camera;
    FakeClient owner(camera), guest(camera, {.ip = 0x0A000002});
    owner.take_control(1);
    // Header, then command, then privilege, then shape and alignment, then address, then value.
    auto datagram = gvcp_command(0x9999, 1, be32(3));
    datagram[5] = 8;
    CHECK(status_of(guest.raw(datagram)) == kInvalidHeader);
    CHECK(status_of(guest.command(0x9999)) == kNotImplemented);
    CHECK(status_of(guest.command(0x80)) == kDenied);
    CHECK(status_of(guest.command(0x80, be32(0x0A01))) == kDenied);
    CHECK(guest.write(0x0A01, 0) == kDenied);
    CHECK(guest.write(0x0A00, 8) == kDenied);
    CHECK(guest.write(kUnmapped, 0) == kDenied);
    CHECK(owner.write(kUnmapped + 1, 0) == kBadAlignment);
    CHECK(owner.write(0x0601, 0) == kBadAlignment);
}

TEST_CASE("a command without acknowledge flag is executed in silence") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto exposure = FakeClient::address_of("ExposureTime");
    CHECK_FALSE(client.command(0x82, be32(exposure) + be32(7000), 0));
    CHECK(client.get("ExposureTime") == 7000);
    CHECK_FALSE(client.command(0x86, be32(exposure) + be32(8000), 0));
    CHECK(client.get("ExposureTime") == 8000);
    CHECK_FALSE(client.command(0x80, be32(exposure), 0));
    CHECK_FALSE(client.command(0x9999, {}, 0));
}

TEST_CASE("135 registers can be read at once, and 67 written") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    Bytes addresses, pairs;
    for (int i = 0; i < 135; ++i) addresses = addresses + be32(i % 2 ? 0x0938 : 0x0A00);
    const auto read = client.command(0x80, addresses);
    REQUIRE(status_of(read) == 0);
    REQUIRE(read->payload.size() == 540);
    CHECK(number_at(read->payload, 0, 4) == 2);
    CHECK(number_at(read->payload, 536, 4) == 2);
    CHECK(number_at(read->payload, 532, 4) == 3000);
    CHECK(status_of(client.command(0x80, addresses + be32(0x0A00))) == kInvalidParameter);

    const auto exposure = FakeClient::address_of("ExposureTime");
    for (int i = 0; i < 67; ++i) pairs = pairs + be32(exposure) + be32(1000 + i);
    const auto write = client.command(0x82, pairs);
    REQUIRE(status_of(write) == 0);
    CHECK(to_hex(write->payload) == "00000043");
    CHECK(client.get("ExposureTime") == 1066);
    CHECK(status_of(client.command(0x82, pairs + be32(exposure) + be32(1))) == kInvalidParameter);
    CHECK(client.get("ExposureTime") == 1066);
}

TEST_CASE("one bad address in a list fails the whole read, without payload") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto ack = client.command(0x80, be32(0x0A00) + be32(kUnmapped) + be32(0x0938));
    REQUIRE(ack);
    CHECK(ack->status == kInvalidAddress);
    CHECK(ack->payload.empty());
}

TEST_CASE("a failing write in a list returns its index; those before it stay, those after it are not tried") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto exposure = FakeClient::address_of("ExposureTime"), gain = FakeClient::address_of("Gain");
    const auto ack =
        client.command(0x82, be32(exposure) + be32(5000) + be32(0x0600) + be32(1) + be32(gain) + be32(30));
    REQUIRE(ack);
    CHECK(ack->status == kWriteProtect);
    CHECK(to_hex(ack->payload) == "00000001");
    CHECK(client.get("ExposureTime") == 5000);
    CHECK(client.get("Gain") == 0);
    const auto single = client.command(0x82, be32(0x0600) + be32(1));
    REQUIRE(single);
    CHECK(single->payload.empty());
}

TEST_CASE("an acknowledge has the number of its command, whatever it is") {
    VirtualCamera camera;
    FakeClient client(camera);
    for (const std::uint16_t id : {0x0000, 0x0001, 0x1234, 0xFFFF}) {
        const auto ack = client.raw(gvcp_command(0x80, id, be32(0x0A00)));
        REQUIRE(ack);
        CHECK(ack->id == id);
        CHECK(ack->code == 0x81);
    }
}

TEST_CASE("an acknowledge of memory has exactly the bytes that were asked for") {
    VirtualCamera camera;
    FakeClient client(camera);
    for (const std::uint32_t count : {4U, 8U, 512U, 536U}) {
        const auto ack = client.read_memory(0x0200, count);
        REQUIRE(ack);
        CHECK(ack->payload.size() == 4 + count);
        CHECK(number_at(ack->payload, 0, 4) == 0x0200);
    }
}

TEST_CASE("a write that is repeated is answered with the same bytes, and done once") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("PtpEnable", 0);  // It would keep the clock from being reset.
    const auto reset = be32(0x0944) + be32(1);
    camera.run_for(1s);
    const auto first = client.command(0x82, reset);
    camera.run_for(500ms);
    const auto again = client.repeat();
    REQUIRE(first);
    REQUIRE(again);
    CHECK(again->payload == first->payload);
    CHECK(again->id == first->id);
    client.write(0x0944, 2);
    CHECK(client.must_read(0x094C) == 500'000'000);  // The clock was reset by the first one only.
}

TEST_CASE("the number alone does not make a repetition: content and source count as well") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto exposure = FakeClient::address_of("ExposureTime");
    client.raw(gvcp_command(0x82, 65300, be32(exposure) + be32(2000)));
    client.raw(gvcp_command(0x82, 65300, be32(exposure) + be32(3000)));
    CHECK(client.get("ExposureTime") == 3000);
    client.raw(gvcp_command(0x86, 65300, be32(exposure) + be32(4000)));
    CHECK(client.get("ExposureTime") == 4000);
    FakeClient guest(camera, {.ip = 0x0A000002});
    CHECK(status_of(guest.raw(gvcp_command(0x86, 65300, be32(exposure) + be32(4000)))) == kDenied);
}

TEST_CASE("a number that comes round after a while is a new command") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0938, 60'000);
    const auto latch = be32(0x0944) + be32(2);
    client.command(0x82, latch);
    const auto before = client.must_read(0x094C);
    camera.run_for(10s);
    client.raw(gvcp_command(0x82, 4, latch));
    camera.run_for(10s);
    client.raw(gvcp_command(0x82, 4, latch));
    CHECK(client.must_read(0x094C) != before);
    CHECK(client.must_read(0x0948) * 4294967296.0 + client.must_read(0x094C) == 20e9);
}

TEST_CASE("a refused write may be repeated until it is granted") {
    VirtualCamera camera;
    FakeClient owner(camera), heir(camera, {.ip = 0x0A000002});
    owner.take_control();
    CHECK(heir.take_control() == kDenied);
    owner.write(0x0A00, 0);
    CHECK(status_of(heir.repeat()) == 0);
}

TEST_CASE("a discovery is answered each time, whoever asks and whoever has control") {
    VirtualCamera camera;
    FakeClient owner(camera), guest(camera, {.ip = 0x0A000002});
    owner.take_control(1);
    const auto ask = gvcp_command(0x02, 0xFFFF, {}, 0x11);
    for (int i = 0; i < 5; ++i) {
        const auto ack = guest.raw(ask);
        REQUIRE(ack);
        CHECK(ack->status == 0);
        CHECK(ack->payload.size() == 248);
        CHECK(be32(0) + ack->payload == owner.read_memory(0, 248)->payload);
    }
    CHECK(guest.acks.size() == 5);
    CHECK(camera.broadcasts.empty());
}

TEST_CASE("a client of another subnet is answered by broadcast as well, if it says that it may") {
    VirtualCamera camera;
    FakeClient stranger(camera, {.ip = 0xAC100001});
    CHECK(stranger.command(0x02, {}, 0x11));
    REQUIRE(camera.broadcasts.size() == 1);
    CHECK(camera.broadcasts[0].to.port == 50000);
    CHECK(stranger.command(0x02, {}, 0x01));
    CHECK(camera.broadcasts.size() == 1);
}

TEST_CASE("answers to discoveries are spread over the delay that is set") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0938, 60'000);
    CHECK(client.write(0x0950, 400) == 0);
    std::set<std::int64_t> delays;
    for (int i = 0; i < 40; ++i) {
        const auto asked_at = camera.now();
        const auto before = client.acks.size();
        client.command(0x02);
        while (client.acks.size() == before) {
            camera.run_for(1ms);
            REQUIRE(camera.now() - asked_at < 402ms);
        }
        delays.insert((camera.now() - asked_at).count() / 1'000'000);
    }
    CHECK(delays.size() > 20);
    CHECK(*delays.rbegin() > 200);
    CHECK(*delays.begin() < 200);
    // Registers do not wait.
    CHECK(client.must_read(0x0950) == 400);
}

TEST_CASE("no more than 256 discoveries wait for their delay") {
    VirtualCamera camera;
    FakeClient client(camera), stranger(camera, {.ip = 0x0A000105});
    client.take_control();
    REQUIRE(client.write(0x0950, 1000) == 0);
    for (int i = 0; i < 2000; ++i) {
        stranger.command(0x02);
        camera.run_for(1us);
    }
    const auto early = stranger.acks.size();
    CHECK(client.must_read(0x0950) == 1000);
    camera.run_for(1s);
    CHECK(stranger.acks.size() - early == protocol::gvcp::ControlChannel::kDiscoveriesWaiting);
    stranger.command(0x02);
    camera.run_for(1s);
    CHECK(stranger.acks.size() - early == protocol::gvcp::ControlChannel::kDiscoveriesWaiting + 1);
}

TEST_CASE("a long command says that it takes its time, where that is enabled") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write(0x0954, 2) == 0);
    const auto before = client.acks.size();
    const auto pending = client.command(0x82, be32(FakeClient::address_of("TestPendingAck")) + be32(2000));
    REQUIRE(pending);
    CHECK(pending->code == 0x89);
    CHECK(pending->status == 0);
    CHECK(to_hex(pending->payload) == "000007d0");

    camera.run_for(500ms);
    const auto again = client.repeat();
    REQUIRE(again);
    CHECK(again->code == 0x89);
    CHECK(to_hex(again->payload) == "000005dc");
    CHECK(again->id == pending->id);
    CHECK(client.must_read(0x0A00) == 2);

    camera.run_for(1499ms);
    CHECK(client.acks.size() == before + 3);
    camera.run_for(1ms);
    REQUIRE(client.acks.size() == before + 4);
    CHECK(client.acks.back().code == 0x83);
    CHECK(client.acks.back().id == pending->id);
    CHECK(to_hex(client.acks.back().payload) == "00000001");
    CHECK(status_of(client.repeat()) == 0);
}

TEST_CASE("a command shorter than the pending timeout, or without that enabled, just answers late") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto test = be32(FakeClient::address_of("TestPendingAck"));
    CHECK_FALSE(client.command(0x82, test + be32(2000)));
    CHECK_FALSE(client.repeat());
    camera.run_for(2s);
    CHECK(client.acks.back().code == 0x83);
    client.write(0x0954, 2);
    const auto timeout_ms = client.must_read(0x0958);
    CHECK_FALSE(client.command(0x82, test + be32(timeout_ms)));
    camera.run_for(std::chrono::milliseconds(timeout_ms));
    CHECK(client.acks.back().code == 0x83);
}
