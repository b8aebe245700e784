#include <doctest/doctest.h>

#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/codec.h"
#include "protocol/gvcp/message_channel.h"
#include "protocol/gvsp/block.h"
#include "tests/support/fake_client.h"
#include "tests/support/received_block.h"

// Forty datagrams of a client at 192.168.5.1 and a device at 192.168.5.10, which a protocol analyser
// understands. Each is produced by the code under test, and understood by it where it is a command.

using namespace support;
using protocol::Status;
using protocol::Writer;
namespace gvcp = protocol::gvcp;
namespace gvsp = protocol::gvsp;

namespace {

constexpr std::uint32_t kDevice = 0xC0A8050A, kClient = 0xC0A80501;
constexpr std::uint64_t kMac = 0x00111C223344, kTicks = 123'456'789;

constexpr std::uint16_t code(gvcp::Code c) { return static_cast<std::uint16_t>(c); }

Bytes first_pixels() {
    Bytes bytes;
    for (int i = 0; i < 64; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
    return bytes;
}

/// 640 x 480 pixels of BayerRG8; its payload begins with 0, 1, 2, …
gvsp::Block block(gvsp::PayloadType type = gvsp::PayloadType::image) {
    gvsp::Block one;
    one.type = type;
    one.timestamp_ticks = kTicks;
    one.size_x = 640;
    one.size_y = 480;
    one.payload = first_pixels();
    return one;
}

gvsp::PacketLayout layout_of_64(bool extended) {
    return {.packet_size_bytes = extended ? 112U : 100U, .extended_ids = extended};
}

std::string packet_hex(const gvsp::Block& of, const gvsp::PacketLayout& layout, std::uint32_t id,
                       gvsp::Sending sending = gvsp::Sending::first) {
    return to_hex(gvsp::make_packet(of, layout, id, sending).flat());
}

void check_command(std::string_view hex, gvcp::Code expected, std::uint8_t flags, std::uint16_t id,
                   const Bytes& payload) {
    CAPTURE(hex);
    CHECK(to_hex(gvcp::make_command(expected, flags, id, payload)) == hex);
    const auto datagram = from_hex(hex);
    const auto parsed = gvcp::parse_command(datagram);
    REQUIRE(parsed);
    CHECK(parsed->is(expected));
    CHECK(parsed->flags == flags);
    CHECK(parsed->request_id == id);
    CHECK(parsed->length == payload.size());
    CHECK(Bytes(parsed->payload.begin(), parsed->payload.end()) == payload);
}

void check_ack(std::string_view hex, Status status, gvcp::Code command, std::uint16_t id,
               const Bytes& payload = {}) {
    CHECK(to_hex(gvcp::make_ack(status, code(command), id, payload)) == hex);
}

}  // namespace

TEST_CASE("golden: discovery") {
    check_command("421100020000ffff", gvcp::Code::discovery, 0x11, 0xFFFF, {});

    protocol::Device device;
    device.identity = {
        .vendor = "Acme", .model = "", .version = "", .manufacturer_info = "", .serial = "", .mac = kMac};
    device.ip = {.ip = kDevice, .mask = 0xFFFFFF00, .gateway = 0};
    const auto ack = gvcp::make_ack(Status::success, code(gvcp::Code::discovery), 0xFFFF,
                                    protocol::bootstrap::discovery_image(device));
    CHECK(ack.size() == 256);
    CHECK(to_hex(ack).substr(0, 192) ==
          "0000000300f8ffff0002000080000001000000111c2233440000000700000006000000000000000000000000c0a8050a00"
          "00000000000000"
          "00000000ffffff000000000000000000000000000000000041636d65000000000000000000000000");
}

TEST_CASE("golden: forced address") {
    const std::string hex =
        "4211000400380002000000111c223344000000000000000000000000c0a8054d000000000000000000000000ffffff00"
        "00000000000000000000000000000000";
    const auto payload =
        Writer().u64(kMac).zeros(12).u32(0xC0A8054D).zeros(12).u32(0xFFFFFF00).zeros(16).take();
    check_command(hex, gvcp::Code::force_ip, 0x11, 2, payload);
    const auto datagram = from_hex(hex);
    const auto force = gvcp::parse_force_ip(*gvcp::parse_command(datagram));
    REQUIRE(force);
    CHECK(force->mac == kMac);
    CHECK(force->ip == 0xC0A8054D);
    CHECK(force->mask == 0xFFFFFF00);
    CHECK(force->gateway == 0);
    check_ack("0000000500000002", Status::success, gvcp::Code::force_ip, 2);
}

TEST_CASE("golden: registers") {
    check_command("420100800008000300000a0000000938", gvcp::Code::read_register, 1, 3,
                  be32(0x0A00) + be32(0x0938));
    check_ack("00000081000800030000000200000bb8", Status::success, gvcp::Code::read_register, 3,
              be32(2) + be32(3000));
    check_command("420100820010000400000d18c0a8050100000d000000c738", gvcp::Code::write_register, 1, 4,
                  be32(0x0D18) + be32(kClient) + be32(0x0D00) + be32(51000));
    check_ack("000000830004000400000002", Status::success, gvcp::Code::write_register, 4, be32(2));
    check_ack("8006008300000005", Status::access_denied, gvcp::Code::write_register, 5);
    check_ack("800400830004000500000001", Status::write_protect, gvcp::Code::write_register, 5, be32(1));
}

TEST_CASE("golden: a camera answers the register commands with these bytes") {
    VirtualCamera camera;
    FakeClient client(camera, {.ip = kClient});
    client.take_control();
    const auto answer = [&](std::string_view hex) {
        const auto ack = client.raw(from_hex(hex));
        REQUIRE(ack);
        return to_hex(be16(ack->status) + be16(ack->code) + be16(ack->payload.size()) + be16(ack->id) +
                      ack->payload);
    };
    CHECK(answer("420100800008000300000a0000000938") == "00000081000800030000000200000bb8");
    CHECK(answer("420100820010000400000d18c0a8050100000d000000c738") == "000000830004000400000002");
    // The second of two writes meets a read-only register.
    CHECK(answer("420100820010000500000d18c0a80501000000000000c738") == "800400830004000500000001");
    CHECK(answer("4201008600140007000000e863616d32000000000000000000000000") == "000000870004000700000010");
    FakeClient guest(camera, {.ip = 0xC0A80502});
    const auto refused = guest.raw(from_hex("420100820008000500000d0000000000"));
    REQUIRE(refused);
    CHECK(refused->status == 0x8006);
    CHECK(refused->payload.empty());
}

TEST_CASE("golden: memory") {
    const std::string read = "42010084000800060000020000000200";
    check_command(read, gvcp::Code::read_memory, 1, 6, be32(0x200) + be32(512));
    const auto datagram = from_hex(read);
    const auto range = gvcp::parse_read_memory(*gvcp::parse_command(datagram));
    REQUIRE(range);
    CHECK(range->address == 0x200);
    CHECK(range->size_bytes == 512);
    const auto url = Writer().u32(0x200).text("Local:emu.zip;10000;1A2B", 512).take();
    const auto ack = gvcp::make_ack(Status::success, code(gvcp::Code::read_memory), 6, url);
    CHECK(ack.size() == 524);
    CHECK(to_hex(ack).substr(0, 192) ==
          "0000008502040006000002004c6f63616c3a656d752e7a69703b31303030303b3141324200000000000000000000000000"
          "00000000000000"
          "00000000000000000000000000000000000000000000000000000000000000000000000000000000");

    check_command("4201008600140007000000e863616d32000000000000000000000000", gvcp::Code::write_memory, 1, 7,
                  Writer().u32(0xE8).text("cam2", 16).take());
    check_ack("000000870004000700000010", Status::success, gvcp::Code::write_memory, 7, be32(16));
    CHECK(to_hex(gvcp::make_pending_ack(7, 500)) == "0000008900040007000001f4");
}

TEST_CASE("golden: resend requests") {
    const auto standard = from_hex("42000040000c0008000012340000000300000005");
    const auto asked = gvcp::parse_resend(*gvcp::parse_command(standard));
    REQUIRE(asked);
    CHECK(asked->channel == 0);
    CHECK(asked->block_id == 0x1234);
    CHECK(asked->first == 3);
    CHECK(asked->last == 5);
    CHECK_FALSE(asked->extended_ids);
    check_command(to_hex(standard), gvcp::Code::packet_resend, 0, 8, be32(0x1234) + be32(3) + be32(5));

    const auto extended = from_hex("42100040001400090000000000000003000000050000000000001234");
    const auto wide = gvcp::parse_resend(*gvcp::parse_command(extended));
    REQUIRE(wide);
    CHECK(wide->block_id == 0x1234);
    CHECK(wide->first == 3);
    CHECK(wide->last == 5);
    CHECK(wide->extended_ids);
    check_command(to_hex(extended), gvcp::Code::packet_resend, 0x10, 9,
                  be32(0) + be32(3) + be32(5) + be64(0x1234));
}

TEST_CASE("golden: actions") {
    const auto now = from_hex("42010100000c000a1234567800000001ffffffff");
    const auto action = gvcp::parse_action(*gvcp::parse_command(now));
    REQUIRE(action);
    CHECK(action->device_key == 0x12345678);
    CHECK(action->group_key == 1);
    CHECK(action->group_mask == 0xFFFFFFFF);
    CHECK_FALSE(action->at_ticks);
    check_command(to_hex(now), gvcp::Code::action, 1, 10, be32(0x12345678) + be32(1) + be32(0xFFFFFFFF));
    check_ack("000001010000000a", Status::success, gvcp::Code::action, 10);

    const auto later = from_hex("428101000014000b1234567800000001ffffffff17979cfe3d85cd15");
    const auto scheduled = gvcp::parse_action(*gvcp::parse_command(later));
    REQUIRE(scheduled);
    CHECK(scheduled->at_ticks == 0x17979CFE3D85CD15);
    check_command(to_hex(later), gvcp::Code::action, 0x81, 11,
                  be32(0x12345678) + be32(1) + be32(0xFFFFFFFF) + be64(0x17979CFE3D85CD15));
}

TEST_CASE("golden: events") {
    const gvcp::Event event{.id = 0x9001, .ticks = kTicks, .channel = 0, .block_id = 0x1234};
    check_command("420100c00010000c000090010000123400000000075bcd15", gvcp::Code::event, 1, 12,
                  gvcp::encode_event(event));
    check_ack("000000c10000000c", Status::success, gvcp::Code::event, 12);
    check_command("420100c20018000e000090010000123400000000075bcd150000000000000001", gvcp::Code::event_data,
                  1, 14, gvcp::encode_event(event) + be64(1));
    check_ack("000000c30000000e", Status::success, gvcp::Code::event_data, 14);
}

TEST_CASE("golden: the packets of an image") {
    const auto one = block();
    const auto layout = layout_of_64(false);
    CHECK(packet_hex(one, layout, 0) ==
          "00000001010000000000000100000000075bcd150108000900000280000001e0000000000000000000000000");
    CHECK(packet_hex(one, layout, 1) == "0000000103000001" + to_hex(first_pixels()));
    CHECK(packet_hex(one, layout, 2) == "000000010200000200000001000001e0");
    CHECK(packet_hex(one, layout, 1, gvsp::Sending::again_with_status) ==
          "0100000103000001" + to_hex(first_pixels()));
    CHECK(to_hex(gvsp::make_refusal(1, 1, Status::packet_unavailable, layout).flat()) == "800c000103000001");
}

TEST_CASE("golden: the packets of an image with chunks and 64-bit ids") {
    auto one = block(gvsp::PayloadType::image_with_chunks);
    one.chunk_layout_id = 1;
    const auto layout = layout_of_64(true);
    CHECK(packet_hex(one, layout, 0) ==
          "00000000810000000000000000000001000000000000400100000000075bcd150108000900000280000001e00000000000"
          "00000000000000");
    CHECK(packet_hex(one, layout, 1) == "0000000083000000000000000000000100000001" + to_hex(first_pixels()));
    CHECK(packet_hex(one, layout, 1, gvsp::Sending::again_with_status) ==
          "0100000183000000000000000000000100000001" + to_hex(first_pixels()));
    CHECK(to_hex(gvsp::make_refusal(1, 1, Status::packet_temporarily_unavailable, layout).flat()) ==
          "8014000083000000000000000000000100000001");
}

TEST_CASE("golden: the trailer counts all bytes of pixels and chunks") {
    auto one = block(gvsp::PayloadType::image_with_chunks);
    one.chunk_layout_id = 1;
    one.payload.resize(0x4B01C);
    const gvsp::PacketLayout one_packet{.packet_size_bytes = 0x4B01C + 48, .extended_ids = true};
    CHECK(packet_hex(one, one_packet, 2) ==
          "000000008200000000000000000000010000000200004001000001e00004b01c00000001");
}

TEST_CASE("golden: a block of chunks alone") {
    auto one = block(gvsp::PayloadType::chunk_data);
    one.id = 2;
    CHECK(packet_hex(one, layout_of_64(false), 0) == "00000002010000000000000400000000075bcd15");
    one.payload.resize(0x4B01C);
    const gvsp::PacketLayout one_packet{.packet_size_bytes = 0x4B01C + 36};
    CHECK(packet_hex(one, one_packet, 2) == "0000000202000002000000040004b01c");
}

TEST_CASE("golden: a block in one packet") {
    auto layout = layout_of_64(false);
    layout.packet_size_bytes = 1500;
    layout.all_in = true;
    auto one = block();
    one.id = 3;
    CHECK(gvsp::packet_count(one, layout) == 1);
    CHECK(packet_hex(one, layout, 0) ==
          "00000003040000000000000100000000075bcd150108000900000280000001e00000000000000000000000000000000100"
          "0001e0" +
              to_hex(first_pixels()));
}

TEST_CASE("golden: a test packet of 1500 bytes") {
    const auto packet = gvsp::make_test_packet({.packet_size_bytes = 1500});
    CHECK(packet.size() == 1472);
    CHECK(to_hex(packet).substr(0, 192) ==
          "0000000000000000ffffffe9ffe27ff1bfee5ff7afedd7e06bf035f81afc0d7e06bf8349c1b260d9b07a583dac0856042b"
          "0215818ad6456b"
          "a2a3d147e8b5f44c7a263d139e9fcf59e7ba73ddb9f85cfc2e7e173f8b89c5d262e9b16258b1ac4e");
}
