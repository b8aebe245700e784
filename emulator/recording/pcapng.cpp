#include "emulator/recording/pcapng.h"

#include <bit>
#include <cstring>

namespace emulator::recording {
namespace {

using protocol::Bytes;
using protocol::ByteView;

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A, kInterface = 1, kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint16_t kEthernet = 1, kRawIp = 101, kIpv4 = 228;
constexpr std::uint16_t kEndOfOptions = 0, kInterfaceName = 2, kTimeResolution = 9, kPacketFlags = 2;
constexpr std::uint8_t kNanoseconds = 9;
constexpr std::uint32_t kInbound = 1, kOutbound = 2;
constexpr std::size_t kIpBytes = 20, kUdpBytes = 8, kEthernetBytes = 14;
constexpr std::size_t kPacketFieldsBytes = 20, kPacketOptionsBytes = 12, kFrameBytes = 12;
constexpr std::uint8_t kTimeToLive = 64, kUdp = 17;

std::size_t padded(std::size_t bytes) { return (bytes + 3) / 4 * 4; }

/// Appends in the byte order of this host.
template <class Number>
void put(Bytes& out, Number number) {
    const auto at = out.size();
    out.resize(at + sizeof number);
    std::memcpy(out.data() + at, &number, sizeof number);
}

/// The same of several words.
void put_words(Bytes& out, std::span<const std::uint32_t> words) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(words.data());
    out.insert(out.end(), begin, begin + words.size_bytes());
}

void put_bytes(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
    out.resize(padded(out.size()));
}

template <class Number>
Number get(ByteView bytes, std::size_t at = 0) {
    Number number{};
    if (at + sizeof number <= bytes.size()) std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

/// Type, length, body and length again. Bodies begin at a multiple of 4 bytes.
void put_block(Bytes& out, std::uint32_t type, const Bytes& body) {
    const auto size = static_cast<std::uint32_t>(body.size() + kFrameBytes);
    put(out, type);
    put(out, size);
    out.insert(out.end(), body.begin(), body.end());
    put(out, size);
}

std::uint16_t checksum(ByteView header) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at + 1 < header.size(); at += 2)
        sum += protocol::load<std::uint16_t>(header.subspan(at));
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

using Headers = std::array<std::uint8_t, kIpBytes + kUdpBytes>;

Headers headers_of(const net::TappedPacket& packet, std::size_t content_bytes, std::uint16_t id) {
    Headers headers{};
    const std::span<std::uint8_t> all(headers);
    const auto put16 = [&](std::size_t at, std::size_t value) {
        protocol::store(all.subspan(at), static_cast<std::uint16_t>(value));
    };
    headers[0] = 0x45;
    put16(2, headers.size() + content_bytes);
    put16(4, id);
    headers[8] = kTimeToLive;
    headers[9] = kUdp;
    protocol::store(all.subspan(12), packet.from.ip);
    protocol::store(all.subspan(16), packet.to.ip);
    put16(10, checksum(all.first(kIpBytes)));
    put16(kIpBytes, packet.from.port);
    put16(kIpBytes + 2, packet.to.port);
    put16(kIpBytes + 4, kUdpBytes + content_bytes);
    return headers;
}

std::size_t content_bytes(const net::TappedPacket& packet) {
    return packet.content[0].size() + packet.content[1].size();
}

}  // namespace

Bytes pcapng_begin(std::string_view interface_name) {
    Bytes section, interface, out;
    put(section, kByteOrderMagic);
    put(section, std::uint16_t{1});
    put(section, std::uint16_t{0});
    put(section, std::int64_t{-1});  // its length is not known yet
    put(interface, kRawIp);
    put(interface, std::uint16_t{0});
    put(interface, std::uint32_t{0});  // packets are whole
    put(interface, kInterfaceName);
    put(interface, static_cast<std::uint16_t>(interface_name.size()));
    for (const char letter : interface_name) interface.push_back(static_cast<std::uint8_t>(letter));
    interface.resize(padded(interface.size()));
    put(interface, kTimeResolution);
    put(interface, std::uint16_t{1});
    put(interface, std::uint32_t{kNanoseconds});
    put(interface, std::uint32_t{kEndOfOptions});
    put_block(out, kSectionHeader, section);
    put_block(out, kInterface, interface);
    return out;
}

std::size_t packet_block_bytes(const net::TappedPacket& packet) {
    return kFrameBytes + kPacketFieldsBytes + padded(kIpBytes + kUdpBytes + content_bytes(packet)) +
           kPacketOptionsBytes;
}

void append_packet(Bytes& out, const net::TappedPacket& packet, std::uint64_t ticks, std::uint16_t id) {
    const auto headers = headers_of(packet, content_bytes(packet), id);
    const auto size = static_cast<std::uint32_t>(packet_block_bytes(packet));
    const auto captured = static_cast<std::uint32_t>(headers.size() + content_bytes(packet));
    const std::array<std::uint32_t, 7> begin{kEnhancedPacket,
                                             size,
                                             0,  // the interface
                                             static_cast<std::uint32_t>(ticks >> 32),
                                             static_cast<std::uint32_t>(ticks),
                                             captured,
                                             captured};
    const auto flags_option = std::bit_cast<std::uint32_t>(std::array<std::uint16_t, 2>{kPacketFlags, 4});
    const auto direction = packet.inbound ? kInbound : kOutbound;
    const std::array<std::uint32_t, 4> end{flags_option, direction, kEndOfOptions, size};
    put_words(out, begin);
    out.insert(out.end(), headers.begin(), headers.end());
    out.insert(out.end(), packet.content[0].begin(), packet.content[0].end());
    put_bytes(out, packet.content[1]);
    put_words(out, end);
}

bool PcapngReader::next(RecordedPacket& packet) {
    while (!rest_.empty() && !broken_) {
        const auto type = get<std::uint32_t>(rest_), size = get<std::uint32_t>(rest_, 4);
        const bool section = type == kSectionHeader;
        broken_ = rest_.size() < kFrameBytes || size < kFrameBytes || size % 4 != 0 || size > rest_.size() ||
                  (!begun_ && !section);
        if (broken_) return false;
        const auto body = rest_.subspan(8, size - kFrameBytes);
        rest_ = rest_.subspan(size);
        begun_ = true;
        broken_ = section && get<std::uint32_t>(body) != kByteOrderMagic;
        if (!broken_ && take_block(type, body, packet)) return true;
    }
    return false;
}

bool PcapngReader::take_block(std::uint32_t type, ByteView body, RecordedPacket& packet) {
    if (type == kInterface) {
        link_type_ = get<std::uint16_t>(body);
        units_per_second_ = 1'000'000;
        for (std::size_t at = 8; at + 4 <= body.size();) {
            const auto code = get<std::uint16_t>(body, at), length = get<std::uint16_t>(body, at + 2);
            if (code == kEndOfOptions) break;
            if (code == kTimeResolution && get<std::uint8_t>(body, at + 4) == kNanoseconds)
                units_per_second_ = 1'000'000'000;
            at += 4 + padded(length);
        }
    }
    if (type != kEnhancedPacket || body.size() < kPacketFieldsBytes) return false;
    const auto captured = get<std::uint32_t>(body, 12);
    if (captured > body.size() - kPacketFieldsBytes) return false;
    auto ip = body.subspan(kPacketFieldsBytes, captured);
    if (link_type_ == kEthernet) ip = ip.subspan(std::min(ip.size(), kEthernetBytes));
    const bool known = link_type_ == kRawIp || link_type_ == kIpv4 || link_type_ == kEthernet;
    if (!known || ip.size() < kIpBytes || ip[0] >> 4 != 4 || ip[9] != kUdp) return false;
    const auto header_bytes = std::size_t{4} * (ip[0] & 15);
    if (ip.size() < header_bytes + kUdpBytes) return false;
    const auto udp = ip.subspan(header_bytes);
    const auto length = protocol::load<std::uint16_t>(udp.subspan(4));
    if (length < kUdpBytes || length > udp.size()) return false;
    const auto stamp = std::uint64_t{get<std::uint32_t>(body, 4)} << 32 | get<std::uint32_t>(body, 8);
    packet = {.ticks = stamp * (1'000'000'000 / units_per_second_),
              .from = {.ip = protocol::load<std::uint32_t>(ip.subspan(12)),
                       .port = protocol::load<std::uint16_t>(udp)},
              .to = {.ip = protocol::load<std::uint32_t>(ip.subspan(16)),
                     .port = protocol::load<std::uint16_t>(udp.subspan(2))},
              .content = udp.subspan(kUdpBytes, length - kUdpBytes)};
    return true;
}

}  // namespace emulator::recording
