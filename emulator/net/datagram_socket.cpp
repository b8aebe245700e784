#include "emulator/net/datagram_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <asio/buffer.hpp>
#include <cstring>

namespace emulator::net {
namespace {

using asio::ip::udp;

udp::endpoint endpoint_of(std::uint32_t ip, std::uint16_t port) { return {asio::ip::address_v4(ip), port}; }

std::error_code set(udp::socket& socket, int level, int option) {
    const int yes = 1;
    if (setsockopt(socket.native_handle(), level, option, &yes, sizeof yes) == 0) return {};
    return {errno, std::system_category()};
}

}  // namespace

std::error_code bind_to_device(int socket, const Interface& interface) {
    const auto& name = interface.name;
    if (setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name.c_str(), static_cast<socklen_t>(name.size())) ==
        0)
        return {};
    return {errno, std::system_category()};
}

std::error_code DatagramSocket::open(std::uint32_t ip, std::uint16_t port) {
    std::error_code error;
    socket_.open(udp::v4(), error);
    if (!error) error = set(socket_, SOL_SOCKET, SO_BROADCAST);
    if (!error) error = set(socket_, IPPROTO_IP, IP_FREEBIND);
    return bind_and_listen(ip, port, error);
}

std::error_code DatagramSocket::open_shared(std::uint32_t ip, std::uint16_t port,
                                            const Interface& interface) {
    std::error_code error;
    socket_.open(udp::v4(), error);
    if (!error) error = set(socket_, SOL_SOCKET, SO_REUSEADDR);
    if (!error) error = bind_to_device(socket_.native_handle(), interface);
    return bind_and_listen(ip, port, error);
}

std::error_code DatagramSocket::bind_and_listen(std::uint32_t ip, std::uint16_t port, std::error_code error) {
    if (!error) socket_.bind(endpoint_of(ip, port), error);
    if (!error) own_ = {.ip = ip, .port = this->port()};
    if (error) {
        close();
    } else {
        listen();
    }
    return error;
}

void DatagramSocket::share_port(bool shared) {
    std::error_code ignored;
    socket_.set_option(udp::socket::reuse_address(shared), ignored);
}

void DatagramSocket::close() {
    std::error_code ignored;
    socket_.close(ignored);
}

void DatagramSocket::listen() {
    socket_.async_receive_from(asio::buffer(datagram_), from_,
                               [this](const std::error_code& error, std::size_t size) {
                                   if (error == asio::error::operation_aborted)
                                       return;  // The socket is closed, and may be gone.
                                   // An error belongs to a datagram sent earlier, to a client that has left;
                                   // it is not the camera's.
                                   if (!error) take(protocol::ByteView(datagram_).first(size));
                                   if (socket_.is_open()) listen();
                               });
}

void DatagramSocket::take(protocol::ByteView datagram) {
    const protocol::Endpoint from{.ip = from_.address().to_v4().to_uint(), .port = from_.port()};
    if (tap_ != nullptr) tap_->take({.from = from, .to = own_, .content = {datagram}, .inbound = true});
    receive_(datagram, from);
}

void DatagramSocket::tell_sent(protocol::ByteView datagram, protocol::Endpoint to) const {
    if (tap_ != nullptr) tap_->take({.from = own_, .to = to, .content = {datagram}});
}

void DatagramSocket::send(protocol::ByteView datagram, protocol::Endpoint to) {
    tell_sent(datagram, to);
    std::error_code ignored;
    socket_.send_to(asio::buffer(datagram.data(), datagram.size()), endpoint_of(to.ip, to.port), 0, ignored);
}

// The packet says which interface it leaves through, and needs no route then.
void DatagramSocket::send_broadcast(protocol::ByteView datagram, std::uint16_t port,
                                    const Interface& interface) {
    auto to = endpoint_of(0xFFFF'FFFF, port);
    tell_sent(datagram, {.ip = 0xFFFF'FFFF, .port = port});
    iovec part{.iov_base = const_cast<std::uint8_t*>(datagram.data()), .iov_len = datagram.size()};
    const in_pktinfo through{
        .ipi_ifindex = interface.index, .ipi_spec_dst = {htonl(interface.ip.ip)}, .ipi_addr = {}};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof through)> control{};
    msghdr message{};
    message.msg_name = to.data();
    message.msg_namelen = static_cast<socklen_t>(to.size());
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = IPPROTO_IP;
    head->cmsg_type = IP_PKTINFO;
    head->cmsg_len = CMSG_LEN(sizeof through);
    std::memcpy(CMSG_DATA(head), &through, sizeof through);
    sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT);
}

}  // namespace emulator::net
