#include "emulator/net/stream_sender.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace emulator::net {
namespace {

using protocol::gvsp::Transmitter;

constexpr int kSendBufferBytes = 4 << 20;
constexpr std::uint8_t kMulticastTtl = 16;

sockaddr_in address_of(std::uint32_t ip, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(ip);
    address.sin_port = htons(port);
    return address;
}

const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

void must(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

bool offload(const StreamSender::Options& options) {
    if (options.link.gso == "auto") return options.interface.segments_before_taps;
    return options.link.gso == "on";
}

bool is_multicast(std::uint32_t ip) { return (ip >> 28) == 0xE; }

}  // namespace

StreamSender::StreamSender(Options options)
    : options_(std::move(options)),
      batch_(offload(options_)),
      loss_(options_.link.loss, static_cast<std::uint64_t>(options_.link.loss_seed)) {
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    must(socket_, "stream socket");
    auto own = address_of(options_.interface.ip.ip, 0);
    must(bind(socket_, generic(own), sizeof own), "stream socket: bind");
    socklen_t size = sizeof own;
    must(getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size), "stream socket: name");
    port_ = ntohs(own.sin_port);
    setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes, sizeof kSendBufferBytes);
    const in_addr interface { .s_addr = htonl(options_.interface.ip.ip) };
    setsockopt(socket_, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface);
    setsockopt(socket_, IPPROTO_IP, IP_MULTICAST_TTL, &kMulticastTtl, sizeof kMulticastTtl);
    thread_ = std::thread([this] { run(); });
}

StreamSender::~StreamSender() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    wake_.notify_one();
    thread_.join();
    ::close(socket_);
}

void StreamSender::order(Order order) {
    {
        const std::lock_guard lock(mutex_);
        orders_.push_back(std::move(order));
    }
    wake_.notify_one();
}

void StreamSender::open(const protocol::StreamChannelSettings& target) {
    order([this, target] {
        transmitter_.restart();
        connect_to(target);
    });
}

void StreamSender::close() {
    order([this] {
        transmitter_.restart();
        target_ = {};
    });
}

void StreamSender::submit(protocol::gvsp::Block block, protocol::Time start,
                          const Transmitter::Settings& settings) {
    order([this, block = std::move(block), start, settings]() mutable {
        const auto id = block.id;
        if (target_.open() && !transmitter_.submit(std::move(block), start, settings))
            options_.lost(id, acquisition::DropCause::sending_late);
    });
}

void StreamSender::abandon_waiting() {
    order([this] {
        for (const auto id : transmitter_.abandon_waiting())
            options_.lost(id, acquisition::DropCause::abandoned);
    });
}

void StreamSender::resend(const protocol::gvcp::Resend& asked, const Transmitter::Settings& settings) {
    order([this, asked, settings] { transmitter_.resend(asked, settings); });
}

void StreamSender::send_test_packet(const protocol::Bytes& packet,
                                    const protocol::StreamChannelSettings& target) {
    order([this, packet, target] {
        allow_fragments(!target.do_not_fragment);
        // A packet that is too large for the link is not sent; its client sees that none comes.
        send(socket_, packet.data(), packet.size(), MSG_DONTWAIT);
    });
}

void StreamSender::connect_to(const protocol::StreamChannelSettings& target) {
    target_ = target;
    allow_fragments(!target.do_not_fragment);
    const auto client = address_of(target.destination_ip, target.host_port);
    // Where no route leads, no packet leaves.
    (void)::connect(socket_, generic(client), sizeof client);
    (void)swallow_incoming();  // What an earlier client's host refused is not this one's.
}

void StreamSender::allow_fragments(bool allowed) const {
    const int discovery = allowed ? IP_PMTUDISC_DONT : IP_PMTUDISC_DO;
    setsockopt(socket_, IPPROTO_IP, IP_MTU_DISCOVER, &discovery, sizeof discovery);
}

// Clients send datagrams to the stream's port to open a firewall; nothing is to be learned from them. False
// if the client's host says that nobody listens: whoever calls the socket next hears it, once.
bool StreamSender::swallow_incoming() const {
    std::array<char, 64> nothing;
    bool heard = true;
    while (true) {
        if (recv(socket_, nothing.data(), nothing.size(), MSG_DONTWAIT) >= 0) continue;
        if (errno != ECONNREFUSED) return heard;
        heard = false;
    }
}

void StreamSender::run() {
    std::unique_lock lock(mutex_);
    while (wait_for_work(lock)) {
        auto orders = std::exchange(orders_, {});
        lock.unlock();
        for (auto& one : orders) one();
        send_due();
        lock.lock();
    }
}

/// Sleeps until there are orders or packets are due. False when it is time to end.
bool StreamSender::wait_for_work(std::unique_lock<std::mutex>& lock) {
    const auto awake = [this] { return ends_ || !orders_.empty(); };
    if (const auto due = transmitter_.deadline()) {
        wake_.wait_until(lock, options_.wall.host_at(*due), awake);
    } else {
        wake_.wait(lock, awake);
    }
    return !ends_;
}

void StreamSender::send_due() {
    if (const auto batch = transmitter_.take(options_.wall.now()); !batch.empty()) {
        send_batch(batch);
    }
}

void StreamSender::send_batch(const std::vector<Transmitter::Outgoing>& outgoing) {
    for (const auto& one : outgoing) {
        if (loss_.loses_next()) continue;
        if (one.to_ip != 0 && one.to_ip != target_.destination_ip) {
            send_to_other(one);
        } else {
            batch_.add(one.packet);
        }
    }
    // One refusal is enough: a client that is gone does not come back to the same port.
    const bool sent = batch_.send(socket_), heard = swallow_incoming() && sent;
    if (!heard && !target_.unconditional && !is_multicast(target_.destination_ip)) options_.refused();
}

void StreamSender::send_to_other(const Transmitter::Outgoing& outgoing) const {
    const auto bytes = outgoing.packet.flat();
    const auto to = address_of(outgoing.to_ip, target_.host_port);
    sendto(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT, generic(to), sizeof to);
}

}  // namespace emulator::net
