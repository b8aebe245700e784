#include "emulator/net/packet_batch.h"

#include <netinet/udp.h>

#include <cerrno>
#include <cstring>

namespace emulator::net {
namespace {

using protocol::gvsp::kIpUdpHeaderBytes;

using Parts = std::array<iovec, 2>;

std::size_t size_of(const Parts& packet) { return packet[0].iov_len + packet[1].iov_len; }

iovec part(protocol::ByteView bytes) { return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()}; }

std::size_t packets_of(const mmsghdr& message) { return message.msg_hdr.msg_iovlen / 2; }

/// The host did not take a packet that the link would carry.
bool stays_here(int error) {
    return error == EAGAIN || error == ENOBUFS || error == ENOMEM || error == ENETUNREACH ||
           error == EHOSTUNREACH || error == ENETDOWN;
}

bool refuses_to_cut(int error) {
    return error == EINVAL || error == EIO || error == EMSGSIZE || error == EOPNOTSUPP;
}

}  // namespace

void PacketBatch::add(const protocol::gvsp::Transmitter::Outgoing& outgoing) {
    const auto& packet = outgoing.packet;
    const auto head = std::span(packet.head).first(packet.head_bytes);
    packets_.push_back({part(head), part(packet.data)});
    whose_.push_back({outgoing.block_id, outgoing.kind});
    route_.sent(head, packet.data);
}

/// How many packets, from this one on, may share a datagram: all of one size, but the last may be shorter.
std::size_t PacketBatch::run_length(std::size_t first) const {
    const auto size = size_of(packets_[first]);
    if (!offload_ || size + kIpUdpHeaderBytes > segment_bytes_max_) return 1;
    std::size_t count = 1, bytes = size;
    while (first + count < packets_.size() && count < kSegments) {
        const auto next = size_of(packets_[first + count]);
        bytes += next;
        if (next > size || bytes > kDatagramBytes) break;
        ++count;
        if (next < size) break;
    }
    return count;
}

/// Messages that carry the packets from this one on.
void PacketBatch::make_messages(std::size_t first) {
    messages_.clear();
    controls_.clear();
    controls_.reserve(packets_.size());
    while (first < packets_.size()) {
        const auto count = run_length(first);
        mmsghdr message{};
        message.msg_hdr.msg_iov = packets_[first].data();
        message.msg_hdr.msg_iovlen = 2 * count;
        if (count > 1) {
            auto& control = controls_.emplace_back();
            control.header = {
                .cmsg_len = CMSG_LEN(sizeof(std::uint16_t)), .cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT};
            const auto segment = static_cast<std::uint16_t>(size_of(packets_[first]));
            std::memcpy(CMSG_DATA(&control.header), &segment, sizeof segment);
            message.msg_hdr.msg_control = control.bytes.data();
            message.msg_hdr.msg_controllen = control.bytes.size();
        }
        messages_.push_back(message);
        first += count;
    }
}

std::vector<PacketBatch::Unsent> PacketBatch::send(StreamSocket& socket) {
    std::vector<Unsent> unsent;
    std::size_t refusals = 0;
    const auto lose = [&](std::size_t first, std::size_t count, int error) {
        for (const auto& one : std::span(whose_).subspan(first, count))
            unsent.push_back({.block_id = one.block_id, .kind = one.kind, .error = error});
    };
    for (std::size_t next = 0; next < packets_.size();) {
        make_messages(next);
        const int count = socket.send(messages_);
        if (count > 0) {
            for (int i = 0; i < count; ++i) next += packets_of(messages_[static_cast<std::size_t>(i)]);
        } else if (count == -EAGAIN) {
            // The send buffer is full, and waiting did not help.
            lose(next, packets_.size() - next, EAGAIN);
            break;
        } else if (count == -EINTR || (count == -ECONNREFUSED && ++refusals <= packets_.size())) {
            continue;  // A pending error of an earlier packet.
        } else if (packets_of(messages_.front()) > 1 && refuses_to_cut(-count)) {
            segment_bytes_max_ = size_of(packets_[next]) + kIpUdpHeaderBytes - 1;
        } else {
            const auto packets = packets_of(messages_.front());
            if (stays_here(-count)) lose(next, packets, -count);
            next += packets;
        }
    }
    packets_.clear();
    whose_.clear();
    return unsent;
}

}  // namespace emulator::net
