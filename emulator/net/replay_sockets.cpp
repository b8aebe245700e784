#include "emulator/net/replay_sockets.h"
#include "emulator/net/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "protocol/gvcp/codec.h"

namespace emulator::net {
namespace {

namespace gvcp = protocol::gvcp;
using Clock = std::chrono::steady_clock;

constexpr int kDatagramsAtOnce = 256;
constexpr std::chrono::milliseconds kLookAfterOthers{10};

sockaddr_in own_end(const FileDescriptor& socket) {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &size);
    return own;
}

void demand(int result) {
    if (result < 0) throw std::system_error(errno, std::generic_category());
}

FileDescriptor datagram_socket() {
    FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    demand(socket.get());
    return socket;
}

FileDescriptor socket_at(std::uint32_t ip) {
    auto socket = datagram_socket();
    const auto own = socket_address({.ip = ip, .port = 0});
    demand(bind(socket.get(), generic(own), sizeof own));
    return socket;
}

}  // namespace

ReplaySockets::ReplaySockets(std::uint32_t camera_ip) : control_(datagram_socket()) {
    const auto camera = socket_address({.ip = camera_ip, .port = gvcp::kPort});
    demand(connect(control_.get(), generic(camera), sizeof camera));
    own_ip_ = ntohl(own_end(control_).sin_addr.s_addr);
    stream_ = socket_at(own_ip_);
    message_ = socket_at(own_ip_);
}

std::uint16_t ReplaySockets::port_of(const FileDescriptor& socket) { return ntohs(own_end(socket).sin_port); }

void ReplaySockets::serve_others() const {
    std::array<std::uint8_t, 2048> bytes;
    for (int i = 0; i < kDatagramsAtOnce && recv(stream_.get(), bytes.data(), bytes.size(), 0) >= 0; ++i) {
    }
    sockaddr_in from{};
    socklen_t size = sizeof from;
    for (int i = 0; i < kDatagramsAtOnce; ++i) {
        const auto count = recvfrom(message_.get(), bytes.data(), bytes.size(), 0,
                                    reinterpret_cast<sockaddr*>(&from), &size);
        if (count < 0) return;
        const auto event =
            gvcp::parse_command(protocol::ByteView(bytes).first(static_cast<std::size_t>(count)));
        if (!event || !event->wants_ack()) continue;
        const auto ack = gvcp::make_ack(protocol::Status::success, event->code, event->request_id);
        sendto(message_.get(), ack.data(), ack.size(), 0, generic(from), size);
    }
}

std::optional<protocol::Bytes> ReplaySockets::ask(protocol::ByteView command,
                                                  std::chrono::milliseconds patience) {
    const auto asked = gvcp::parse_command(command);
    demand(static_cast<int>(::send(control_.get(), command.data(), command.size(), 0)));
    serve_others();
    if (!asked || !asked->wants_ack()) return std::nullopt;
    auto end = Clock::now() + patience;
    std::array<std::uint8_t, 2048> bytes;
    while (Clock::now() < end) {
        std::array<pollfd, 1> waits{{{.fd = control_.get(), .events = POLLIN, .revents = 0}}};
        poll(waits.data(), waits.size(), static_cast<int>(kLookAfterOthers.count()));
        serve_others();
        const auto count = recv(control_.get(), bytes.data(), bytes.size(), 0);
        if (count < 0) continue;
        const auto datagram = protocol::ByteView(bytes).first(static_cast<std::size_t>(count));
        const auto ack = gvcp::parse_ack(datagram);
        if (!ack || ack->request_id != asked->request_id) continue;
        if (ack->code == asked->code + 1) return protocol::Bytes(datagram.begin(), datagram.end());
        if (ack->is_pending() && datagram.size() >= 12)
            end = Clock::now() + patience +
                  std::chrono::milliseconds(protocol::load<std::uint16_t>(datagram.subspan(10)));
    }
    return std::nullopt;
}

}  // namespace emulator::net
