#include "emulator/net/ptp_sockets.h"

#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <array>
#include <cstring>
#include <optional>

#include "emulator/net/datagram_socket.h"
#include "emulator/net/socket_address.h"
#include "protocol/time.h"

namespace emulator::net {
namespace {

using asio::ip::udp;
using protocol::ptp::kEventPort;
using protocol::ptp::kGeneralPort;
using protocol::ptp::kMulticastAddress;
using Clock = sim::HostClock::Clock;

constexpr int kStamping =
    SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;

/// Datagrams read in one go, so that other handlers of the owner's thread are not delayed.
constexpr int kMostAtOnce = 16;

template <class Value>
bool set(udp::socket& socket, int level, int option, const Value& value) {
    return setsockopt(socket.native_handle(), level, option, &value, sizeof value) == 0;
}

std::chrono::nanoseconds now_of(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// The kernel stamps by a clock that may be set. Both clocks are read at once, give or take what lies between
/// two readings of the other; the closest of a few tries counts.
Clock::time_point steady_at(const timespec& stamp) {
    const auto realtime = std::chrono::seconds(stamp.tv_sec) + std::chrono::nanoseconds(stamp.tv_nsec);
    auto closest = std::chrono::nanoseconds::max();
    Clock::time_point steady;
    for (int tries = 0; tries < 5; ++tries) {
        const auto before = Clock::now();
        const auto wall = now_of(CLOCK_REALTIME);
        const auto between = Clock::now() - before;
        if (between >= closest) continue;
        closest = between;
        steady = before + between / 2 - (wall - realtime);
    }
    return steady;
}

/// A datagram, and when the kernel saw it.
struct Stamped {
    std::array<std::uint8_t, 2048> bytes;
    std::size_t size = 0;
    std::optional<Clock::time_point> at;
    sockaddr_in from{};
};

/// False if there is none.
bool take(int socket, int flags, Stamped& stamped) {
    iovec part{.iov_base = stamped.bytes.data(), .iov_len = stamped.bytes.size()};
    alignas(cmsghdr) std::array<char, 512> control;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    message.msg_name = &stamped.from;
    message.msg_namelen = sizeof stamped.from;
    const auto size = recvmsg(socket, &message, flags | MSG_DONTWAIT);
    if (size < 0) return false;
    stamped.size = static_cast<std::size_t>(size);
    stamped.at.reset();
    for (auto* one = CMSG_FIRSTHDR(&message); one; one = CMSG_NXTHDR(&message, one)) {
        if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_TIMESTAMPING) continue;
        timespec software;  // the first of three
        std::memcpy(&software, CMSG_DATA(one), sizeof software);
        if (software.tv_sec != 0) stamped.at = steady_at(software);
    }
    return true;
}

}  // namespace

std::error_code PtpSockets::open(Socket& socket, std::uint16_t port, const Interface& at) {
    std::error_code error;
    socket.open(udp::v4(), error);
    if (error) return error;
    socket.non_blocking(true, error);
    // Several cameras and other PTP clocks of one host share the ports.
    socket.set_option(udp::socket::reuse_address(true), error);
    if (const auto refused = bind_to_device(socket.native_handle(), at)) return refused;
    socket.bind({asio::ip::address_v4(kMulticastAddress), port}, error);
    if (error) return error;
    const ip_mreqn group{.imr_multiaddr = {htonl(kMulticastAddress)},
                         .imr_address = {htonl(at.ip.ip)},
                         .imr_ifindex = at.index};
    if (!set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, group)) return last_error();
    if (!set(socket, IPPROTO_IP, IP_MULTICAST_IF, group)) return last_error();
    return {};
}

std::error_code PtpSockets::open(const Interface& at) {
    own_ip_ = at.ip.ip;
    auto error = open(event_, kEventPort, at);
    if (!error) error = open(general_, kGeneralPort, at);
    if (!error && !set(event_, SOL_SOCKET, SO_TIMESTAMPING, kStamping)) error = last_error();
    if (error) {
        close();
        return error;
    }
    listen(event_);
    listen(general_);
    await_stamps();
    return {};
}

void PtpSockets::close() {
    std::error_code ignored;
    event_.close(ignored);
    general_.close(ignored);
}

void PtpSockets::listen(Socket& socket) {
    socket.async_wait(Socket::wait_read, [this, &socket](const std::error_code& error) {
        if (error) return;  // The socket is closed, and may be gone.
        receive(socket);
        if (socket.is_open()) listen(socket);
    });
}

void PtpSockets::receive(Socket& socket) {
    const bool event = &socket == &event_;
    Stamped datagram;
    for (int i = 0; i < kMostAtOnce && socket.is_open() && take(socket.native_handle(), 0, datagram); ++i) {
        if (tap_ != nullptr)
            tap_->take({.from = {ntohl(datagram.from.sin_addr.s_addr), ntohs(datagram.from.sin_port)},
                        .to = {kMulticastAddress, event ? kEventPort : kGeneralPort},
                        .content = {protocol::ByteView(datagram.bytes).first(datagram.size)},
                        .inbound = true});
        if (event && !datagram.at) continue;  // Of no use without a stamp.
        std::optional<protocol::Time> received;
        if (event) received = host_clock_.at(*datagram.at);
        handlers_.heard(protocol::ByteView(datagram.bytes).first(datagram.size), received);
    }
}

void PtpSockets::await_stamps() {
    event_.async_wait(Socket::wait_error, [this](const std::error_code& error) {
        if (error) return;
        take_stamps();
        if (event_.is_open()) await_stamps();
    });
}

// The kernel returns the sent frame with its headers; the message is at its end.
void PtpSockets::take_stamps() {
    Stamped sent;
    for (int i = 0; i < kMostAtOnce && event_.is_open() && take(event_.native_handle(), MSG_ERRQUEUE, sent);
         ++i) {
        constexpr auto kSize = protocol::ptp::kTimedBytes;
        if (!sent.at || sent.size < kSize) continue;
        const auto message =
            protocol::ptp::parse(protocol::ByteView(sent.bytes).first(sent.size).last(kSize));
        if (message)
            handlers_.sent({.type = message->type, .sequence = message->sequence}, host_clock_.at(*sent.at));
    }
}

void PtpSockets::send(const protocol::ptp::Send& send) {
    auto& socket = send.ticket ? event_ : general_;
    if (!socket.is_open()) return;
    const auto port = send.ticket ? kEventPort : kGeneralPort;
    if (tap_ != nullptr)
        tap_->take({.from = {own_ip_, port}, .to = {kMulticastAddress, port}, .content = {send.datagram}});
    std::error_code ignored;
    socket.send_to(asio::buffer(send.datagram), {asio::ip::address_v4(kMulticastAddress), port}, 0, ignored);
}

}  // namespace emulator::net
