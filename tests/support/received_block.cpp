#include "tests/support/received_block.h"

#include "protocol/time.h"

namespace support {

StreamPacket parse_stream_packet(ByteView datagram) {
    StreamPacket packet;
    packet.status = static_cast<std::uint16_t>(number_at(datagram, 0, 2));
    packet.extended = datagram[4] & 0x80;
    packet.format = datagram[4] & 0x0F;
    if (packet.extended) {
        packet.flags = static_cast<std::uint16_t>(number_at(datagram, 2, 2));
        packet.block_id = number_at(datagram, 8, 8);
        packet.packet_id = static_cast<std::uint32_t>(number_at(datagram, 16, 4));
    } else {
        packet.block_id = number_at(datagram, 2, 2);
        packet.packet_id = static_cast<std::uint32_t>(number_at(datagram, 5, 3));
    }
    const auto content = datagram.subspan(packet.extended ? 20 : 8);
    packet.content = {content.begin(), content.end()};
    return packet;
}

void ReceivedBlock::take(const StreamPacket& packet, protocol::Time now) {
    if (first_at == protocol::Time::zero()) first_at = now;
    last_at = now;
    if (packet.status & 0x8000) {
        ++refused;
        return;
    }
    if (packet.status == 0x0100 || (packet.flags & 1)) ++resent;
    switch (packet.format) {
        case 1:
            leader = packet.content;
            leader_flags = packet.flags;
            break;
        case 2:
            trailer = packet.content;
            trailer_id = packet.packet_id;
            break;
        case 3:
            parts[packet.packet_id] = packet.content;
            break;
        default:
            break;
    }
}

Bytes ReceivedBlock::payload() const {
    Bytes bytes;
    for (const auto& [id, part] : parts) bytes.insert(bytes.end(), part.begin(), part.end());
    return bytes;
}

std::vector<ReceivedBlock::Gap> ReceivedBlock::gaps() const {
    std::vector<Gap> found;
    std::uint32_t expected = leader ? 1 : 0;
    for (const auto& [id, part] : parts) {
        if (id > expected) found.push_back({expected, id - 1});
        expected = id + 1;
    }
    if (!trailer) {
        found.push_back({expected, std::nullopt});
    } else if (trailer_id > expected) {
        found.push_back({expected, trailer_id - 1});
    }
    return found;
}

}  // namespace support
