#include "tests/support/virtual_stream_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace support {
namespace {

using protocol::Bytes;
using protocol::ByteView;

constexpr std::size_t kIpUdpBytes = 28, kQuotedBytes = 520, kErrorsKept = 100;

Bytes gathered(const msghdr& message) {
    Bytes bytes;
    for (std::size_t i = 0; i < message.msg_iovlen; ++i) {
        const auto& part = message.msg_iov[i];
        const auto* first = static_cast<const std::uint8_t*>(part.iov_base);
        bytes.insert(bytes.end(), first, first + part.iov_len);
    }
    return bytes;
}

/// UDP_SEGMENT of the message, or 0.
std::size_t segment_of(const msghdr& message) {
    auto copy = message;
    const auto* control = CMSG_FIRSTHDR(&copy);
    if (!control || control->cmsg_level != SOL_UDP || control->cmsg_type != UDP_SEGMENT) return 0;
    std::uint16_t bytes = 0;
    std::memcpy(&bytes, CMSG_DATA(control), sizeof bytes);
    return bytes;
}

protocol::Endpoint destination_of(const msghdr& message, protocol::Endpoint peer) {
    if (!message.msg_name) return peer;
    const auto* to = static_cast<const sockaddr_in*>(message.msg_name);
    return {.ip = ntohl(to->sin_addr.s_addr), .port = ntohs(to->sin_port)};
}

}  // namespace

int VirtualStreamSocket::connect(protocol::Endpoint to) {
    if (faults.connect_error != 0) return faults.connect_error;  // The peer stays, as in Linux.
    peer_ = to;
    return 0;
}

int VirtualStreamSocket::send(std::span<mmsghdr> messages) {
    int sent = 0;
    for (const auto& message : messages) {
        if (const int error = send_one(message.msg_hdr)) return sent > 0 ? sent : -error;
        ++sent;
    }
    return sent;
}

int VirtualStreamSocket::send_one(const msghdr& message) {
    if (pending_ != 0) return std::exchange(pending_, 0);
    if (faults.unsent_messages > 0) {
        --faults.unsent_messages;
        return faults.send_error;
    }
    const auto to = destination_of(message, peer_);
    if (to.port == 0) return EDESTADDRREQ;
    const auto bytes = gathered(message);
    const auto segment = segment_of(message);
    if (segment != 0 && faults.segmentation_error != 0) return faults.segmentation_error;
    if (segment + kIpUdpBytes > link_bytes_ && segment != 0) return EINVAL;
    if (segment == 0 && !fragments_ && bytes.size() + kIpUdpBytes > link_bytes_) return EMSGSIZE;
    largest_message = std::max(largest_message, bytes.size());
    const auto step = segment == 0 ? bytes.size() : segment;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const auto datagram = ByteView(bytes).subspan(at, std::min(step, bytes.size() - at));
        if (!deliver_(datagram, to) && to == peer_ && reports_refusals) refuse(datagram);
    }
    return 0;
}

void VirtualStreamSocket::refuse(ByteView quoted) {
    pending_ = ECONNREFUSED;
    if (errors_.size() >= kErrorsKept) return;
    const auto part = quoted.first(std::min(quoted.size(), kQuotedBytes));
    errors_.push_back({.code = ECONNREFUSED, .quoted = {part.begin(), part.end()}});
}

std::optional<emulator::net::StreamError> VirtualStreamSocket::next_error() {
    if (errors_.empty()) return std::nullopt;
    auto error = std::move(errors_.front());
    errors_.pop_front();
    if (errors_.empty()) pending_ = 0;
    return error;
}

}  // namespace support
