#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// The registers that the standard fixes.

using namespace support;

namespace {

std::string text(FakeClient& client, std::uint32_t address, std::uint32_t size) {
    const auto ack = client.read_memory(address, size);
    REQUIRE(ack);
    REQUIRE(ack->status == 0);
    return protocol::text_of(ByteView(ack->payload).subspan(4));
}

constexpr std::uint32_t bit(int number) { return 1U << number; }

}  // namespace

TEST_CASE("all registers that the standard demands are there, by READREG and by READMEM") {
    VirtualCamera camera;
    FakeClient client(camera);
    for (const std::uint32_t address :
         {0x0000, 0x0004, 0x0008, 0x000C, 0x0010, 0x0014, 0x0024, 0x0034, 0x0044, 0x0048, 0x0068,
          0x0088, 0x00A8, 0x0200, 0x0400, 0x0600, 0x0900, 0x0904, 0x0910, 0x092C, 0x0930, 0x0934,
          0x0938, 0x0958, 0x0964, 0x0968, 0x0A00, 0x0B00, 0x0B10, 0x0B14, 0x0B18, 0x0B1C, 0x0D00,
          0x0D04, 0x0D08, 0x0D18, 0x0D1C, 0x0D20, 0x0D24, 0x0D28, 0x0D2C}) {
        CAPTURE(address);
        const auto value = client.must_read(address);
        const auto memory = client.read_memory(address, 4);
        REQUIRE(memory->status == 0);
        CHECK(number_at(memory->payload, 4, 4) == value);
    }
}

TEST_CASE("the registers say who the camera is") {
    VirtualCamera camera;
    FakeClient client(camera);
    CHECK(client.must_read(0x0000) == 0x0002'0000);
    CHECK(client.must_read(0x0004) == 0x8000'0001);
    CHECK(client.must_read(0x0008) == 0x0007);
    CHECK((client.must_read(0x000C) >> 24) == 0x48);
    CHECK(client.must_read(0x0024) == VirtualCamera::kAddress.ip);
    CHECK(client.must_read(0x0034) == 0xFFFF'FF00);
    CHECK(text(client, 0x0048, 32) == "The Imaging Source Europe GmbH");
    CHECK(text(client, 0x0068, 32) == "DFK 39GX265-Z20");
    CHECK(text(client, 0x00D8, 16) == "39265001");
    CHECK(client.must_read(0x00D8) == 0x33393236);  // Four letters at a time, by READREG.
    CHECK(client.must_read(0x0600) == 1);
    CHECK(client.must_read(0x0904) == 1);
    CHECK(client.must_read(0x0670) == 1000);
    CHECK(client.must_read(0x093C) == 0);
    CHECK(client.must_read(0x0940) == 1'000'000'000);
    CHECK(client.must_read(0x0D1C) == VirtualCamera::kStreamPort);
}

TEST_CASE("a discovery shows the first 248 bytes of the registers, with zeros in the gaps") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto ack = client.command(0x02);
    REQUIRE(ack);
    REQUIRE(ack->payload.size() == 248);
    for (const auto& [first, size] : {std::pair{8, 2}, {24, 12}, {40, 12}, {56, 12}}) {
        for (int at = first; at < first + size; ++at) CHECK(ack->payload[static_cast<std::size_t>(at)] == 0);
    }
    CHECK(number_at(ack->payload, 36, 4) == VirtualCamera::kAddress.ip);
    CHECK(number_at(ack->payload, 10, 6) == camera.camera.device.identity.mac);
    CHECK(protocol::text_of(ByteView(ack->payload).subspan(216, 16)) == "39265001");
}

TEST_CASE("gaps read as zero within a span, and not at all when aimed at") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto span = client.read_memory(0x0018, 16);  // Only 0x0024 is a register.
    REQUIRE(span->status == 0);
    CHECK(number_at(span->payload, 4, 8) == 0);
    CHECK(number_at(span->payload, 4 + 12, 4) == VirtualCamera::kAddress.ip);
    CHECK(client.read_status(0x0018) == 0x8003);
    CHECK(client.read_memory(0x0018, 12)->status == 0x8003);
    CHECK(client.read_memory(0x9FF0, 16)->status == 0x8003);
}

TEST_CASE("the link-local address cannot be switched off, and the persistent one is kept") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.must_read(0x0014) == 6);
    CHECK(client.write(0x0014, 1) == 0);
    CHECK(client.must_read(0x0014) == 5);
    CHECK(client.write(0x0014, 0xFFFF'FFFF) == 0);
    CHECK(client.must_read(0x0014) == 7);
    CHECK(client.write(0x064C, 0xC0A80002) == 0);
    CHECK(client.write(0x065C, 0xFFFFFF00) == 0);
    CHECK(client.write(0x066C, 0xC0A80001) == 0);
    REQUIRE_FALSE(camera.stored.empty());
    CHECK(camera.stored.back().device.persistent_ip ==
          protocol::IpSettings{0xC0A80002, 0xFFFFFF00, 0xC0A80001});
    CHECK(camera.stored.back().device.ip_configuration == 7);
    const auto writes = camera.stored.size();
    CHECK(client.write(0x064C, 0xC0A80002) == 0);  // Nothing changes, so nothing is worn out.
    CHECK(camera.stored.size() == writes);
    CHECK(client.must_read(0x0024) == VirtualCamera::kAddress.ip);  // It counts from the next start on.
}

TEST_CASE("the user name is written whole, or four bytes at a time in any order") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write_memory(0xE8, Bytes(from_hex("63616d32000000000000000000000000"))) == 0);
    CHECK(text(client, 0xE8, 16) == "cam2");
    CHECK(camera.stored.back().device.user_name == "cam2");

    CHECK(client.write(0x00F0, 0x6c656674) == 0);
    CHECK(client.write(0x00EC, 0x206f6620) == 0);
    CHECK(text(client, 0xE8, 16) == "cam2 of left");
    CHECK(client.write_memory(0xE8, Bytes(16, 'z')) == 0);
    CHECK(text(client, 0xE8, 16) == "zzzzzzzzzzzzzzz");  // The last byte stays NUL.
    CHECK(client.write_memory(0xE8, Bytes(16)) == 0);
    CHECK(text(client, 0xE8, 16) == "");
    const auto discovery = client.command(0x02);
    CHECK(protocol::text_of(ByteView(discovery->payload).subspan(232, 16)) == "");
}

TEST_CASE("the heartbeat is at least half a second") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.must_read(0x0938) == 3000);
    for (const auto& [written, kept] :
         {std::pair{0U, 500U}, {499U, 500U}, {500U, 500U}, {501U, 501U}, {0xFFFF'FFFFU, 0xFFFF'FFFFU}}) {
        CHECK(client.write(0x0938, written) == 0);
        CHECK(client.must_read(0x0938) == kept);
    }
    CHECK(client.write(0x0954, 0) == 0);  // Without PTP, which says something every second, time is cheap.
    camera.run_for(1000 * 3600s);
    CHECK(client.must_read(0x0A00) == 2);  // 2^32 ms are seven weeks.
}

TEST_CASE("the timestamp is latched and reset, alone and together") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.write(0x0954, 1);
    const auto latched = [&] {
        return std::uint64_t{client.must_read(0x0948)} << 32 | client.must_read(0x094C);
    };
    CHECK(latched() == 0);
    camera.run_for(10s);
    CHECK(latched() == 0);
    CHECK(client.write(0x0944, 2) == 0);
    CHECK(latched() == 10'000'000'000);
    camera.run_for(1s);
    CHECK(client.write(0x0944, 3) == 0);
    CHECK(latched() == 11'000'000'000);
    camera.run_for(1s);
    CHECK(client.write(0x0944, 2) == 0);
    CHECK(latched() == 1'000'000'000);
    CHECK(client.write(0x0944, 1) == 0);
    CHECK(latched() == 1'000'000'000);
    CHECK(client.must_read(0x0944) == 0);
}

TEST_CASE("the first word of the description's address is the same twice") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto url = text(client, 0x0200, 512);
    CHECK(url == text(client, 0x0400, 512));
    CHECK(url.starts_with("Local:"));
    CHECK(url.find(".zip;10000;") != std::string::npos);
    CHECK(client.must_read(0x020C) == number_at(Bytes(url.begin(), url.end()), 12, 4));
}

TEST_CASE("capability bits are set for what works") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto gvcp = client.must_read(0x0934);

    CHECK((gvcp & bit(31)) != 0);  // user-defined name
    client.take_control();
    CHECK(client.write_memory(0xE8, Bytes(16, 'n')) == 0);
    CHECK((gvcp & bit(30)) != 0);  // serial number
    CHECK(text(client, 0x00D8, 16).size() == 8);
    CHECK((gvcp & bit(29)) != 0);  // heartbeat disable
    CHECK(client.write(0x0954, 1) == 0);
    CHECK((client.must_read(0x0954) & 1) == 1);
    CHECK((gvcp & bit(28)) != 0);  // link speed
    CHECK(client.must_read(0x0670) == 1000);
    CHECK((gvcp & bit(27)) != 0);  // primary application
    CHECK(client.must_read(0x0A04) == 50000);
    CHECK(client.must_read(0x0A14) == 0x0A000001);
    CHECK((gvcp & bit(25)) != 0);  // test data: see the packet size stories
    CHECK((gvcp & bit(24)) != 0);  // discovery delay,
    CHECK((gvcp & bit(23)) != 0);  // writable
    CHECK(client.write(0x0950, 10) == 0);
    CHECK((gvcp & bit(22)) != 0);  // extended status 1.1
    CHECK(client.write(0x0954, 4) == 0);
    CHECK(client.must_read(0x0954) == 4);
    CHECK((gvcp & bit(21)) != 0);  // switchover
    CHECK(client.write(0x095C, 1) == 0);
    CHECK((gvcp & bit(19)) != 0);  // IEEE 1588
    CHECK(client.write(0x0954, bit(19)) == 0);
    CHECK(client.must_read(0x0954) == bit(19));
    CHECK(client.must_read(0x096C) == 4);  // listening
    CHECK((gvcp & bit(20)) != 0);          // unconditional action
    CHECK(client.write(0x0954, 8) == 0);
    CHECK(client.must_read(0x0954) == 8);
    CHECK((gvcp & bit(18)) != 0);  // extended status 2.0
    CHECK(client.write(0x0954, bit(18)) == 0);
    CHECK(client.must_read(0x0954) == bit(18));
    CHECK((gvcp & bit(17)) != 0);  // scheduled action: see the action stories
    CHECK(client.must_read(0x0970) == 16);
    CHECK((gvcp & bit(6)) != 0);  // ACTION
    CHECK(client.must_read(0x0908) == 1);
    CHECK((gvcp & bit(5)) != 0);  // PENDING_ACK
    CHECK(client.write(0x0954, 2) == 0);
    CHECK(client.must_read(0x0954) == 2);
    CHECK((gvcp & bit(4)) != 0);  // EVENTDATA: see the event stories
    CHECK((gvcp & bit(3)) != 0);  // EVENT
    CHECK(client.must_read(0x0900) == 1);
    CHECK((gvcp & bit(2)) != 0);  // PACKETRESEND: see the loss stories
    CHECK((gvcp & bit(1)) != 0);  // WRITEMEM
    CHECK((gvcp & bit(0)) != 0);  // concatenation
    CHECK(client.command(0x80, be32(0) + be32(4))->status == 0);
}

TEST_CASE("capability bits are clear for what does not work") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto gvcp = client.must_read(0x0934);
    CHECK((gvcp & bit(26)) == 0);  // manifest
    CHECK(client.read_status(0x9000) == 0x8003);
    CHECK((gvcp & bit(16)) == 0);  // IEEE 1588 extended
    // What is not offered cannot be switched on.
    CHECK(client.write(0x0954, 0xFFF3'FFF0) == 0);
    CHECK(client.must_read(0x0954) == 0);
    CHECK(client.write(0x0D24, 0xFFFF'FFFF) == 0);
    CHECK((client.must_read(0x0D24) & ~client.must_read(0x0D20)) == 0);
    CHECK(client.write(0x0960, 0xFFFF'FFFF) == 0);
    CHECK(client.must_read(0x0960) == bit(30));
    CHECK((client.must_read(0x092C) & bit(30)) != 0);
    CHECK((client.must_read(0x0930) & bit(31)) != 0);
}

TEST_CASE("the second stream channel is not there") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.read_status(0x0D40) == 0x8003);
    CHECK(client.write(0x0D40, 1) == 0x8003);
}

TEST_CASE("registers are written by WRITEMEM as by WRITEREG") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write_memory(0x0D18, be32(0x0A000001)) == 0);
    CHECK(client.write_memory(0x0D04, be32(0x4000'0000 | 1400)) == 0);
    CHECK(client.write_memory(0x0D00, be32(51000)) == 0);
    CHECK(client.write_memory(FakeClient::address_of("AcquisitionStart"), be32(1)) == 0);
    camera.run_for(100ms);
    CHECK(client.complete_blocks() >= 2);
    CHECK(client.write_memory(0x0A00, be32(0)) == 0);
    CHECK_FALSE(camera.camera.streaming());
}
