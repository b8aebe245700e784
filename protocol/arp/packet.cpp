#include "protocol/arp/packet.h"

namespace protocol::arp {
namespace {

constexpr std::uint16_t kEtherType = 0x0806, kEthernet = 1, kIpv4 = 0x0800, kRequest = 1, kReply = 2;
constexpr std::uint16_t kLengths = 0x0604;  // of hardware and protocol addresses

void put_mac(Writer& frame, std::uint64_t mac) {
    frame.u16(static_cast<std::uint16_t>(mac >> 32)).u32(static_cast<std::uint32_t>(mac));
}

std::uint64_t get_mac(Reader& reader) {
    const auto high = reader.u16();
    return std::uint64_t{high} << 32 | reader.u32();
}

}  // namespace

Bytes make_frame(const Packet& packet) {
    Writer frame;
    put_mac(frame, 0xFFFF'FFFF'FFFF);
    put_mac(frame, packet.sender_mac);
    frame.u16(kEtherType).u16(kEthernet).u16(kIpv4).u16(kLengths).u16(packet.request ? kRequest : kReply);
    put_mac(frame, packet.sender_mac);
    frame.u32(packet.sender_ip);
    put_mac(frame, 0);
    frame.u32(packet.target_ip);
    return frame.take();
}

std::optional<Packet> parse_frame(ByteView frame) {
    Reader reader(frame);
    reader.skip(12);
    const bool arp = reader.u16() == kEtherType && reader.u16() == kEthernet && reader.u16() == kIpv4 &&
                     reader.u16() == kLengths;
    const auto operation = reader.u16();
    Packet packet{.request = operation == kRequest};
    packet.sender_mac = get_mac(reader);
    packet.sender_ip = reader.u32();
    (void)get_mac(reader);
    packet.target_ip = reader.u32();
    if (!arp || !reader.ok() || (operation != kRequest && operation != kReply)) return std::nullopt;
    return packet;
}

bool conflicts(const Packet& heard, std::uint32_t ip, std::uint64_t own_mac) {
    if (heard.sender_mac == own_mac) return false;
    return heard.sender_ip == ip || (heard.request && heard.sender_ip == 0 && heard.target_ip == ip);
}

}  // namespace protocol::arp
