#include "emulator/net/packet_batch.h"

#include <netinet/udp.h>

#include <cerrno>
#include <cstring>

namespace emulator::net {
namespace {

std::size_t size_of(const std::array<iovec, 2>& packet) { return packet[0].iov_len + packet[1].iov_len; }

iovec part(protocol::ByteView bytes) { return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()}; }

}  // namespace

void PacketBatch::add(const protocol::gvsp::Packet& packet) {
    packets_.push_back({part(std::span(packet.head).first(packet.head_bytes)), part(packet.data)});
}

/// How many packets, from this one on, may share a datagram: all of one size, but the last may be shorter.
std::size_t PacketBatch::run_length(std::size_t first) const {
    if (!offload_) return 1;
    const auto size = size_of(packets_[first]);
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

void PacketBatch::make_messages() {
    controls_.reserve(packets_.size());
    for (std::size_t first = 0; first < packets_.size();) {
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

bool PacketBatch::send(int socket) {
    make_messages();
    bool heard = true;
    for (std::size_t sent = 0; sent < messages_.size() && heard;) {
        const int count =
            sendmmsg(socket, &messages_[sent], static_cast<unsigned>(messages_.size() - sent), 0);
        if (count > 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno == ECONNREFUSED) {
            heard = false;
        } else if (errno != EINTR) {
            ++sent;
        }
    }
    packets_.clear();
    controls_.clear();
    messages_.clear();
    return heard;
}

}  // namespace emulator::net
