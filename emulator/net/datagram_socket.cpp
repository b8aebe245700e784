#include "emulator/net/datagram_socket.h"

#include <sys/socket.h>

#include <asio/buffer.hpp>

namespace emulator::net {
namespace {

using asio::ip::udp;

udp::endpoint endpoint_of(std::uint32_t ip, std::uint16_t port) { return {asio::ip::address_v4(ip), port}; }

void bind_to_device(udp::socket& socket, const std::string& name) {
    setsockopt(socket.native_handle(), SOL_SOCKET, SO_BINDTODEVICE, name.c_str(),
               static_cast<socklen_t>(name.size()));
}

}  // namespace

std::error_code DatagramSocket::open(std::uint32_t ip, std::uint16_t port, bool shared,
                                     const std::string& interface_name) {
    std::error_code error;
    socket_.open(udp::v4(), error);
    if (error) return error;
    if (shared) socket_.set_option(udp::socket::reuse_address(true), error);
    socket_.set_option(asio::socket_base::broadcast(true), error);
    if (!interface_name.empty()) bind_to_device(socket_, interface_name);
    socket_.bind(endpoint_of(ip, port), error);
    if (error) {
        close();
        return error;
    }
    listen();
    return error;
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
                                   if (!error)
                                       receive_(protocol::ByteView(datagram_).first(size),
                                                {from_.address().to_v4().to_uint(), from_.port()});
                                   if (socket_.is_open()) listen();
                               });
}

void DatagramSocket::send(protocol::ByteView datagram, protocol::Endpoint to) {
    std::error_code ignored;
    socket_.send_to(asio::buffer(datagram.data(), datagram.size()), endpoint_of(to.ip, to.port), 0, ignored);
}

void DatagramSocket::send_broadcast(protocol::ByteView datagram, std::uint16_t port,
                                    const std::string& interface_name) {
    // Bound to the device for this one datagram: it needs no route then.
    bind_to_device(socket_, interface_name);
    send(datagram, {.ip = 0xFFFF'FFFF, .port = port});
    bind_to_device(socket_, "");
}

}  // namespace emulator::net
