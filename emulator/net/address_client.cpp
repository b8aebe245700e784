#include "emulator/net/address_client.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "emulator/net/datagram_socket.h"
#include "emulator/net/socket_address.h"
#include "protocol/arp/packet.h"
#include "protocol/device.h"
#include "protocol/dhcp/message.h"
#include "scenes/light/random.h"

namespace emulator::net {
namespace {

namespace arp = protocol::arp;
namespace dhcp = protocol::dhcp;
using protocol::IpSettings;
using scenes::light::splitmix64;
using std::chrono::milliseconds;
using std::chrono::seconds;

// RFC 3927, section 9.
constexpr std::uint32_t kLinkLocalFirst = 0xA9FE'0100, kLinkLocalCount = 0xFE00, kLinkLocalMask = 0xFFFF'0000;
constexpr int kProbes = 3;
constexpr seconds kBetweenProbes{1}, kAnnounceWait{2}, kDefendInterval{10}, kSlower{60};
constexpr std::uint32_t kConflictsMax = 10;

constexpr std::array<seconds, 3> kDhcpPatience{seconds(1), seconds(2), seconds(4)};
constexpr milliseconds kBetweenLeaseProbes{300};

FileDescriptor open_arp(const Interface& at) {
    FileDescriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ARP)));
    sockaddr_ll link{};
    link.sll_family = AF_PACKET;
    link.sll_protocol = htons(ETH_P_ARP);
    link.sll_ifindex = at.index;
    if (socket && bind(socket.get(), generic(link), sizeof link) == 0) return socket;
    return FileDescriptor();
}

FileDescriptor open_dhcp(const Interface& at) {
    FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(socket.get(), SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes);
    const auto own = socket_address({.ip = INADDR_ANY, .port = dhcp::kClientPort});
    if (!bind_to_device(socket.get(), at) && bind(socket.get(), generic(own), sizeof own) == 0) return socket;
    return FileDescriptor();
}

std::uint64_t mac_of(const Interface& at) {
    const FileDescriptor any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    at.name.copy(request.ifr_name, IF_NAMESIZE - 1);
    if (ioctl(any.get(), SIOCGIFHWADDR, &request) != 0) return 0;
    std::array<std::uint8_t, 8> mac{};
    std::memcpy(mac.data() + 2, request.ifr_hwaddr.sa_data, 6);
    return protocol::load<std::uint64_t>(mac);
}

protocol::Bytes receive(int socket) {
    protocol::Bytes bytes(2048);
    const auto count = recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return bytes;
}

}  // namespace

struct AddressClient::Lease {
    dhcp::Answer answer;
    Clock::time_point since;
    [[nodiscard]] IpSettings settings() const {
        return {.ip = answer.ip, .mask = answer.mask, .gateway = answer.gateway};
    }
};

AddressClient::AddressClient(Options options)
    : options_(std::move(options)),
      interface_mac_(mac_of(options_.at)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      arp_(open_arp(options_.at)),
      dhcp_(open_dhcp(options_.at)),
      configuration_(options_.configuration),
      thread_([this] { run(); }) {}

AddressClient::~AddressClient() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    eventfd_write(wake_.get(), 1);
    thread_.join();
}

std::optional<IpSettings> AddressClient::address() const {
    const std::lock_guard lock(mutex_);
    return address_;
}

std::optional<IpSettings> AddressClient::first_address(seconds patience) {
    std::unique_lock lock(mutex_);
    found_.wait_for(lock, patience, [this] { return address_.has_value(); });
    return address_;
}

void AddressClient::configure(std::uint32_t configuration) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(configuration_, configuration) == configuration) return;
        anew_ = true;
    }
    eventfd_write(wake_.get(), 1);
}

bool AddressClient::wants(std::uint32_t method) const {
    const std::lock_guard lock(mutex_);
    return configuration_ & method;
}

void AddressClient::say(std::optional<IpSettings> found) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(address_, found) == found) return;
    }
    found_.notify_all();
    options_.changed(found ? found->ip : 0);
}

bool AddressClient::wait(Clock::time_point until, int socket) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    std::array<pollfd, 2> waiting{{{.fd = wake_.get(), .events = POLLIN, .revents = 0},
                                   {.fd = socket, .events = POLLIN, .revents = 0}}};
    (void)poll(waiting.data(), waiting.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
    const std::lock_guard lock(mutex_);
    return !ends_ && !anew_;
}

void AddressClient::run() {
    if (!arp_)
        spdlog::warn(
            "link-local and leased addresses are taken without a probe: no right to ARP; cure: "
            "setcap cap_net_raw+ep, or in a container --cap-add NET_RAW");
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            if (ends_) return;
            anew_ = false;
            eventfd_t ignored = 0;
            (void)eventfd_read(wake_.get(), &ignored);
        }
        if (auto found = wants(protocol::kDhcp) ? lease() : std::nullopt) {
            spdlog::info("DHCP: {} for {} s from {}", dotted(found->answer.ip), found->answer.lease_s,
                         dotted(found->answer.server));
            say(found->settings());
            keep(*found);
        } else if (const auto own = link_local()) {
            spdlog::info("link-local: {}", dotted(own->ip));
            say(own);
            defend(own->ip);
        }
    }
}

std::optional<AddressClient::Lease> AddressClient::lease() {
    if (!dhcp_) {
        spdlog::warn(
            "no DHCP: port 68 cannot be opened; cure: setcap cap_net_bind_service+ep, or in a container "
            "--cap-add NET_BIND_SERVICE");
        return std::nullopt;
    }
    const auto ask = [&](const dhcp::Request& request, seconds patience) -> std::optional<dhcp::Answer> {
        const auto datagram = dhcp::make(request);
        const auto to = socket_address({.ip = kLimitedBroadcast, .port = dhcp::kServerPort});
        (void)sendto(dhcp_.get(), datagram.data(), datagram.size(), 0, generic(to), sizeof to);
        const auto until = Clock::now() + patience;
        while (Clock::now() < until && wait(until, dhcp_.get())) {
            const auto answer = dhcp::parse(receive(dhcp_.get()), request.transaction, request.mac);
            if (answer && answer->type != dhcp::Type::offer && request.type == dhcp::Type::discover) continue;
            if (answer) return answer;
        }
        return std::nullopt;
    };
    for (const auto patience : kDhcpPatience) {
        const auto now = static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
        dhcp::Request request{.transaction = static_cast<std::uint32_t>(splitmix64(options_.mac ^ now)),
                              .mac = options_.mac};
        const auto offer = ask(request, patience);
        if (!offer || offer->ip == 0) continue;
        request.type = dhcp::Type::request;
        request.requested_ip = offer->ip;
        request.server = offer->server;
        const auto ack = ask(request, patience);
        if (!ack || ack->type != dhcp::Type::ack || ack->mask == 0 || ack->lease_s == 0) continue;
        if (!is_taken(ack->ip, 2, kBetweenLeaseProbes)) return Lease{.answer = *ack, .since = Clock::now()};
        spdlog::warn("DHCP: {} is declined, another host has it", dotted(ack->ip));
        request.type = dhcp::Type::decline;
        (void)ask(request, seconds(1));
    }
    return std::nullopt;
}

bool AddressClient::renew(Lease& held) {
    const auto now = Clock::now();
    const dhcp::Request request{
        .type = dhcp::Type::request,
        .transaction = static_cast<std::uint32_t>(
            splitmix64(options_.mac ^ static_cast<std::uint64_t>(now.time_since_epoch().count()))),
        .mac = options_.mac,
        .own_ip = held.answer.ip};
    const auto datagram = dhcp::make(request);
    // After T2 any server may answer.
    const bool rebinds = now - held.since >= seconds(held.answer.rebind_s);
    const auto to =
        socket_address({.ip = rebinds ? kLimitedBroadcast : held.answer.server, .port = dhcp::kServerPort});
    (void)sendto(dhcp_.get(), datagram.data(), datagram.size(), 0, generic(to), sizeof to);
    const auto until = now + seconds(2);
    while (Clock::now() < until && wait(until, dhcp_.get())) {
        const auto answer = dhcp::parse(receive(dhcp_.get()), request.transaction, request.mac);
        if (!answer) continue;
        if (answer->type == dhcp::Type::nak) held.answer.lease_s = 0;
        if (answer->type != dhcp::Type::ack || answer->ip != held.answer.ip) return false;
        held = {.answer = *answer, .since = now};
        return true;
    }
    return false;
}

// Without an answer it is asked for again in ever shorter times, at least a second.
void AddressClient::keep(Lease held) {
    auto next = held.since + seconds(held.answer.renew_s);
    while (wait(next)) {
        if (Clock::now() < next) continue;
        if (renew(held)) {
            next = held.since + seconds(held.answer.renew_s);
            continue;
        }
        const auto end = held.since + seconds(held.answer.lease_s);
        if (Clock::now() >= end) {
            spdlog::warn("DHCP: the lease of {} has ended", dotted(held.answer.ip));
            return say(std::nullopt);
        }
        next = Clock::now() + std::max<Clock::duration>((end - Clock::now()) / 2, seconds(1));
    }
}

std::optional<IpSettings> AddressClient::link_local() {
    const auto random = splitmix64(options_.mac + conflicts_);
    const auto ip = static_cast<std::uint32_t>(kLinkLocalFirst + random % kLinkLocalCount);
    if (conflicts_ >= kConflictsMax && !wait(Clock::now() + kSlower)) return std::nullopt;
    if (is_taken(ip, kProbes, kBetweenProbes)) {
        spdlog::info("link-local: another host has {}", dotted(ip));
        ++conflicts_;
        return std::nullopt;
    }
    const std::lock_guard lock(mutex_);
    if (ends_ || anew_) return std::nullopt;
    return IpSettings{.ip = ip, .mask = kLinkLocalMask};
}

// It is defended once; a second conflict within ten seconds gives it up.
void AddressClient::defend(std::uint32_t ip) {
    send_arp(ip, ip);
    std::optional<Clock::time_point> defended;
    while (true) {
        const auto until = Clock::now() + std::chrono::hours(1);
        const bool conflict = hears_conflict(ip, until, false);
        {
            const std::lock_guard lock(mutex_);
            if (ends_ || anew_) return;
        }
        if (!conflict) continue;
        if (defended && Clock::now() - *defended < kDefendInterval) {
            spdlog::warn("link-local: another host has {}, too; the camera leaves it", dotted(ip));
            ++conflicts_;
            return say(std::nullopt);
        }
        defended = Clock::now();
        send_arp(ip, ip);
    }
}

bool AddressClient::is_taken(std::uint32_t ip, int probes, milliseconds between) {
    if (!arp_) return false;
    while (!receive(arp_.get()).empty()) {
    }
    for (int i = 0; i < probes; ++i) {
        send_arp(0, ip);
        const bool last = i + 1 == probes;
        const auto pause = last && between >= kBetweenProbes ? milliseconds(kAnnounceWait) : between;
        if (hears_conflict(ip, Clock::now() + pause, true)) return true;
    }
    return false;
}

bool AddressClient::hears_conflict(std::uint32_t ip, Clock::time_point until, bool probes_count) {
    while (Clock::now() < until && wait(until, arp_.get())) {
        const auto heard = arp::parse_frame(receive(arp_.get()));
        if (!heard || !arp::conflicts(*heard, ip, interface_mac_)) continue;
        if (probes_count || heard->sender_ip == ip) return true;
    }
    return false;
}

void AddressClient::send_arp(std::uint32_t sender_ip, std::uint32_t target_ip) {
    const auto frame =
        arp::make_frame({.sender_mac = interface_mac_, .sender_ip = sender_ip, .target_ip = target_ip});
    (void)send(arp_.get(), frame.data(), frame.size(), 0);
}

}  // namespace emulator::net
