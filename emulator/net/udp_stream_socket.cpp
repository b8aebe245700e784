#include "emulator/net/udp_stream_socket.h"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <system_error>
#include "emulator/net/socket_address.h"

namespace emulator::net {
namespace {

constexpr int kSendBufferBytes = 4 << 20;
constexpr int kMulticastTtl = 16;
/// What the link does not take within this time is lost.
constexpr timeval kPatience{.tv_sec = 0, .tv_usec = 100'000};
/// Datagrams or reports read in one go, at most.
constexpr int kReadAtOnce = 64;

void must(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

template <typename Value>
void set(int socket, int level, int option, const Value& value) {
    setsockopt(socket, level, option, &value, sizeof value);
}

/// The errno of an ICMP report; errors of this host itself were returned when they occurred.
std::optional<int> code_of(msghdr& message) {
    for (auto* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_IP || part->cmsg_type != IP_RECVERR) continue;
        const auto* error = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(part));
        if (error->ee_origin == SO_EE_ORIGIN_ICMP) return static_cast<int>(error->ee_errno);
    }
    return std::nullopt;
}

}  // namespace

UdpStreamSocket::UdpStreamSocket(std::uint32_t own_ip, std::uint16_t shared_port)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    must(socket_.get(), "stream socket");
    if (shared_port == 0)
        bind_to(own_ip);
    else
        bind_beside(own_ip, shared_port);
    set_options(own_ip);
}

// The system chooses a port, and a second bind asks for that very one: a disconnected socket loses a port
// that was only given to it.
void UdpStreamSocket::bind_to(std::uint32_t own_ip) {
    auto own = socket_address({.ip = own_ip, .port = 0});
    socklen_t size = sizeof own;
    must(::bind(socket_.get(), generic(own), sizeof own), "stream socket: bind");
    must(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&own), &size), "stream socket: name");
    disconnect();
    must(::bind(socket_.get(), generic(own), sizeof own), "stream socket: bind again");
    port_ = ntohs(own.sin_port);
}

// Of sockets on one port a datagram goes to the one that is connected to its sender, else to one that is not
// connected at all: never to one with another peer.
void UdpStreamSocket::bind_beside(std::uint32_t own_ip, std::uint16_t shared_port) {
    constexpr std::uint16_t kDiscardPort = 9;
    const auto own = socket_address({.ip = own_ip, .port = shared_port});
    set(socket_.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    nobody_ = {.ip = own_ip, .port = kDiscardPort};
    must(::bind(socket_.get(), generic(own), sizeof own), "stream socket: bind");
    disconnect();
    port_ = shared_port;
}

void UdpStreamSocket::set_options(std::uint32_t own_ip) const {
    set(socket_.get(), SOL_SOCKET, SO_SNDBUF, kSendBufferBytes);
    set(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, kPatience);
    const in_addr interface { .s_addr = htonl(own_ip) };
    set(socket_.get(), IPPROTO_IP, IP_MULTICAST_IF, interface);
    set(socket_.get(), IPPROTO_IP, IP_MULTICAST_TTL, kMulticastTtl);
    // Reports are queued with what they quote: sendmmsg drops an error that meets it in mid-batch.
    set(socket_.get(), IPPROTO_IP, IP_RECVERR, 1);
}

int UdpStreamSocket::connect(protocol::Endpoint to) {
    // A connect that fails would keep the old peer.
    disconnect();
    const auto client = socket_address({.ip = to.ip, .port = to.port});
    const int result = ::connect(socket_.get(), generic(client), sizeof client);
    return result < 0 ? errno : 0;
}

void UdpStreamSocket::disconnect() {
    if (nobody_.port != 0) {
        const auto peer = socket_address({.ip = nobody_.ip, .port = nobody_.port});
        (void)::connect(socket_.get(), generic(peer), sizeof peer);
        return;
    }
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    (void)::connect(socket_.get(), &nobody, sizeof nobody);
}

// Path MTU discovery by ICMP is off in both modes, as ICMP messages can be forged.
void UdpStreamSocket::allow_fragments(bool allowed) {
    set(socket_.get(), IPPROTO_IP, IP_MTU_DISCOVER, allowed ? IP_PMTUDISC_OMIT : IP_PMTUDISC_PROBE);
}

std::size_t UdpStreamSocket::link_bytes() const {
    int bytes = 0;
    socklen_t size = sizeof bytes;
    const int result = getsockopt(socket_.get(), IPPROTO_IP, IP_MTU, &bytes, &size);
    return result < 0 ? 0 : static_cast<std::size_t>(bytes);
}

int UdpStreamSocket::send(std::span<mmsghdr> messages) {
    const int count = sendmmsg(socket_.get(), messages.data(), static_cast<unsigned>(messages.size()), 0);
    return count < 0 ? -errno : count;
}

std::optional<StreamError> UdpStreamSocket::next_error() {
    for (int i = 0; i < kReadAtOnce; ++i) {
        std::array<std::uint8_t, 1024> quoted;
        alignas(cmsghdr) std::array<char, 256> control;
        iovec part{quoted.data(), quoted.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const auto size = recvmsg(socket_.get(), &message, MSG_ERRQUEUE | MSG_DONTWAIT);
        if (size < 0) return std::nullopt;
        if (const auto code = code_of(message))
            return StreamError{.code = *code, .quoted = {quoted.begin(), quoted.begin() + size}};
    }
    return std::nullopt;
}

void UdpStreamSocket::discard_incoming() {
    std::array<char, 64> nothing;
    for (int i = 0; i < kReadAtOnce; ++i) {
        // An error is reported again, in its queue.
        if (recv(socket_.get(), nothing.data(), nothing.size(), MSG_DONTWAIT) < 0 && errno != ECONNREFUSED)
            return;
    }
}

}  // namespace emulator::net
