#include <doctest/doctest.h>

#include "emulator/recording/folder.h"
#include "emulator/recording/pcapng.h"
#include "tests/support/wire.h"

using namespace support;
using emulator::net::TappedPacket;
using emulator::recording::PcapngReader;
using emulator::recording::RecordedPacket;

// Files of recorded packets, by the draft of pcapng and by RFC 791 and 768.

namespace {

/// Numbers of pcapng stand in the byte order of the host, which its magic tells; of this one, lowest first.
std::uint32_t host_word(const Bytes& bytes, std::size_t at) {
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- > 0;) word = word << 8 | bytes[at + i];
    return word;
}

TappedPacket packet_of(ByteView head, ByteView data = {}, bool inbound = false) {
    return {
        .from = {0x0A000063, 3956}, .to = {0x0A000001, 50000}, .content = {head, data}, .inbound = inbound};
}

Bytes file_of(const std::vector<std::pair<std::uint64_t, Bytes>>& packets) {
    auto file = emulator::recording::pcapng_begin("camera");
    std::uint16_t id = 0;
    for (const auto& [ticks, content] : packets)
        emulator::recording::append_packet(file, packet_of(content), ticks, id++);
    return file;
}

}  // namespace

TEST_CASE("pcapng: a file begins with a section header and one interface of raw IP that counts nanoseconds") {
    const auto begin = emulator::recording::pcapng_begin("gigemu");
    CHECK(host_word(begin, 0) == 0x0A0D0D0A);
    CHECK(host_word(begin, 4) == 28);
    CHECK(host_word(begin, 8) == 0x1A2B3C4D);
    CHECK(host_word(begin, 24) == 28);
    CHECK(host_word(begin, 28) == 1);
    const auto size = host_word(begin, 32);
    CHECK(28 + size == begin.size());
    CHECK((host_word(begin, 36) & 0xFFFF) == 101);
    CHECK(std::string(begin.begin() + 48, begin.begin() + 54) == "gigemu");
    CHECK(host_word(begin, 56) == (9u | 1u << 16));
    CHECK(host_word(begin, 60) == 9);
    CHECK(host_word(begin, begin.size() - 4) == size);
}

TEST_CASE("pcapng: a packet has right lengths and a right checksum of IP, whatever its size") {
    for (const std::size_t size : {0, 1, 2, 3, 4, 8, 575, 1472, 16'336}) {
        const Bytes head(size / 3, 0xA5), data(size - size / 3, 0x5A);
        Bytes block;
        const auto packet = packet_of(head, data, true);
        emulator::recording::append_packet(block, packet, 0x1122'3344'5566'7788, 0xBEEF);
        CHECK(block.size() == emulator::recording::packet_block_bytes(packet));
        CHECK(block.size() % 4 == 0);
        CHECK(host_word(block, 0) == 6);
        CHECK(host_word(block, 4) == block.size());
        CHECK(host_word(block, block.size() - 4) == block.size());
        CHECK(host_word(block, 12) == 0x1122'3344);
        CHECK(host_word(block, 16) == 0x5566'7788);
        CHECK(host_word(block, 20) == 28 + size);
        CHECK(number_at(block, 30, 2) == 28 + size);
        CHECK(number_at(block, 32, 2) == 0xBEEF);
        CHECK(number_at(block, 40, 4) == 0x0A000063);
        CHECK(number_at(block, 52, 2) == 8 + size);
        CHECK(number_at(block, 54, 2) == 0);
        std::uint64_t sum = 0;
        for (std::size_t at = 28; at < 48; at += 2) sum += number_at(block, at, 2);
        CHECK((sum & 0xFFFF) + (sum >> 16) == 0xFFFF);
        // The direction is its option: 1 is inbound.
        CHECK(host_word(block, block.size() - 16) == (2u | 4u << 16));
        CHECK(host_word(block, block.size() - 12) == 1);
    }
}

TEST_CASE("pcapng: what is written is read") {
    const std::vector<std::pair<std::uint64_t, Bytes>> written{
        {7, from_hex("01")}, {1'795'889'997'117'431'503, Bytes(1400, 3)}, {8, {}}};
    const auto file = file_of(written);
    PcapngReader reader(file);
    RecordedPacket packet;
    for (const auto& [ticks, content] : written) {
        REQUIRE(reader.next(packet));
        CHECK(packet.ticks == ticks);
        CHECK(Bytes(packet.content.begin(), packet.content.end()) == content);
        CHECK(packet.from == protocol::Endpoint{0x0A000063, 3956});
        CHECK(packet.to == protocol::Endpoint{0x0A000001, 50000});
    }
    CHECK(!reader.next(packet));
    CHECK(!reader.broken());
}

TEST_CASE("pcapng: a file that is cut or damaged anywhere is read as far as it goes") {
    const auto whole = file_of({{1, Bytes(20, 1)}, {2, Bytes(21, 2)}});
    RecordedPacket packet;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        PcapngReader reader(cut);
        std::size_t count = 0;
        while (reader.next(packet)) ++count;
        CHECK(count < 2);
    }
    Dice dice(14);
    for (int i = 0; i < 2000; ++i) {
        auto damaged = whole;
        for (int hits = 0; hits < 3; ++hits)
            damaged[dice.below(damaged.size())] = static_cast<std::uint8_t>(dice.next());
        PcapngReader reader(damaged);
        std::size_t count = 0;
        while (reader.next(packet)) ++count;
        CHECK(count <= 3);
    }
    const Bytes nothing = from_hex("504b0304 00000000 00000000 00000000");
    PcapngReader other(nothing);
    CHECK(!other.next(packet));
    CHECK(other.broken());
}

TEST_CASE("recordings: a name is no path") {
    using emulator::recording::is_file_name;
    for (const auto* name : {"a", "run_1.pcapng", "9", "A-b.c_d", "_"}) CHECK(is_file_name(name));
    for (const auto* name : {"", ".", "..", ".hidden", "-x", "a/b", "../a", "a b", "a\\b", "ä", "a\n"})
        CHECK(!is_file_name(name));
    CHECK(is_file_name(std::string(96, 'x')));
    CHECK(!is_file_name(std::string(97, 'x')));
}
