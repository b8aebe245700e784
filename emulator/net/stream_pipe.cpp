#include "emulator/net/stream_pipe.h"

#include <algorithm>
#include <asio/buffer.hpp>
#include "emulator/net/socket_address.h"

namespace emulator::net {
namespace {

using asio::ip::udp;

constexpr int kRelayBufferBytes = 16 << 20;
constexpr int kRelayedTtl = 16;

template <typename Value>
void set_option(udp::socket& socket, int level, int option, const Value& value) {
    setsockopt(socket.native_handle(), level, option, &value, sizeof value);
}

}  // namespace

StreamPipe::StreamPipe(asio::io_context& context, std::uint32_t own_ip)
    : in_(context, udp::endpoint(udp::v4(), 0)),
      out_(context, udp::endpoint(asio::ip::address_v4(own_ip), 0)),
      bytes_(kAtOnce * kDatagramBytes),
      parts_(kAtOnce),
      from_(kAtOnce),
      messages_(kAtOnce) {
    set_option(in_, SOL_SOCKET, SO_RCVBUF, kRelayBufferBytes);
    set_option(in_, SOL_SOCKET, SO_RCVBUFFORCE, kRelayBufferBytes);
    set_option(out_, SOL_SOCKET, SO_SNDBUF, kRelayBufferBytes);
    set_option(out_, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
    set_option(out_, IPPROTO_IP, IP_MULTICAST_IF, in_addr{.s_addr = htonl(own_ip)});
    set_option(out_, IPPROTO_IP, IP_MULTICAST_TTL, kRelayedTtl);
}

void StreamPipe::send_from_inlet(protocol::ByteView datagram, protocol::Endpoint to) {
    std::error_code ignored;
    in_.send_to(asio::buffer(datagram.data(), datagram.size()), {asio::ip::address_v4(to.ip), to.port}, 0,
                ignored);
}

void StreamPipe::run(std::function<protocol::Endpoint()> receiver) {
    receiver_ = std::move(receiver);
    wait();
}

void StreamPipe::wait() {
    in_.async_wait(udp::socket::wait_read, [this](const std::error_code& error) {
        if (error) return;
        pass();
        wait();
    });
}

void StreamPipe::pass() {
    const auto count = receive();
    const auto to = receiver_();
    if (count > 0 && to.port != 0 && to.ip != 0) send(count, to);
}

/// Those of the accepted senders are the first of `messages_`.
std::size_t StreamPipe::receive() {
    for (std::size_t i = 0; i < kAtOnce; ++i) {
        parts_[i] = {.iov_base = bytes_.data() + i * kDatagramBytes, .iov_len = kDatagramBytes};
        messages_[i] = {};
        messages_[i].msg_hdr.msg_iov = &parts_[i];
        messages_[i].msg_hdr.msg_iovlen = 1;
        messages_[i].msg_hdr.msg_name = &from_[i];
        messages_[i].msg_hdr.msg_namelen = sizeof from_[i];
    }
    const int count = recvmmsg(in_.native_handle(), messages_.data(), kAtOnce, MSG_DONTWAIT, nullptr);
    std::size_t kept = 0;
    for (int i = 0; i < count; ++i) {
        auto& message = messages_[static_cast<std::size_t>(i)];
        message.msg_hdr.msg_iov->iov_len = message.msg_len;
        const auto* sender = static_cast<const sockaddr_in*>(message.msg_hdr.msg_name);
        if (accepts_(ntohl(sender->sin_addr.s_addr))) messages_[kept++] = message;
    }
    return kept;
}

void StreamPipe::send(std::size_t count, protocol::Endpoint to) {
    auto client = socket_address(to);
    for (std::size_t i = 0; i < count; ++i) {
        messages_[i].msg_hdr.msg_name = &client;
        messages_[i].msg_hdr.msg_namelen = sizeof client;
    }
    // The first of a batch that cannot be sent ends the batch, and is lost.
    for (std::size_t sent = 0; sent < count;) {
        const int taken =
            sendmmsg(out_.native_handle(), messages_.data() + sent, static_cast<unsigned>(count - sent), 0);
        sent += static_cast<std::size_t>(std::max(taken, 1));
    }
}

}  // namespace emulator::net
