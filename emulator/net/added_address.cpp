#include "emulator/net/added_address.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>

#include "emulator/file_descriptor.h"
#include "emulator/net/address_list.h"
#include "protocol/gvcp/format.h"

namespace emulator::net {
namespace {

using netlink::Message;

/// Who added an address, as the kernel keeps it; 1 to 3 are its own (linux/if_addr.h). Older headers lack it.
constexpr std::uint16_t kProtocolAttribute = 11;
constexpr std::uint8_t kGigemu = 71;

AddressList::Line line_of(const Interface& one) { return {one.index, one.ip.ip, one.prefix_bits()}; }

ifaddrmsg body_of(const Interface& one) {
    return {.ifa_family = AF_INET,
            .ifa_prefixlen = static_cast<std::uint8_t>(one.prefix_bits()),
            .ifa_flags = 0,
            .ifa_scope = RT_SCOPE_UNIVERSE,
            .ifa_index = static_cast<std::uint32_t>(one.index)};
}

Message addressed(std::uint16_t type, std::uint16_t flags, const Interface& one) {
    const std::uint32_t ip = htonl(one.ip.ip);
    Message message(type, flags, body_of(one));
    message.with(IFA_LOCAL, ip).with(IFA_ADDRESS, ip);
    return message;
}

/// Whether the host still has an address as a camera added it.
bool is_there(const Interface& added) {
    const auto all = host_addresses();
    return std::ranges::any_of(
        all, [&](const auto& one) { return one.of_camera && line_of(one) == line_of(added); });
}

/// Whether the interface has a larger subnet around this one, so that all neighbours are reached already.
bool is_inside_another(const Interface& there) {
    const auto all = host_addresses();
    return std::ranges::any_of(all, [&](const auto& one) {
        return one.index == there.index && one.ip.mask < there.ip.mask &&
               (one.ip.ip & one.ip.mask) == (there.ip.ip & one.ip.mask);
    });
}

/// Whether the kernel takes `other` away along with `removed`: with the first address of a subnet all others
/// of it go, unless the host promotes them (net.ipv4.conf.*.promote_secondaries).
bool falls_with(const Message& other, const Interface& removed) {
    const auto body = other.body<ifaddrmsg>();
    const auto local = other.attribute<ifaddrmsg, std::uint32_t>(IFA_LOCAL).value_or(0);
    const auto ip = ntohl(local);
    return (body.ifa_flags & IFA_F_SECONDARY) && static_cast<int>(body.ifa_index) == removed.index &&
           body.ifa_prefixlen == removed.prefix_bits() && ip != removed.ip.ip &&
           (ip & removed.ip.mask) == (removed.ip.ip & removed.ip.mask);
}

// Secondary addresses that the kernel removes with it are added again at once. Those that stayed are there
// already.
std::error_code remove_from_host(const Interface& one) {
    std::vector<Message> orders{addressed(RTM_DELADDR, 0, one)};
    for (auto& other : netlink::dump<ifaddrmsg>(RTM_GETADDR)) {
        if (!falls_with(other, one)) continue;
        other.set_header(NLM_F_CREATE | NLM_F_EXCL, 0);
        orders.push_back(std::move(other));
    }
    const auto error = netlink::perform(std::move(orders)).front();
    AddressList::of_host().remove(line_of(one));
    return error;
}

/// Whether no camera has its control port at this address.
bool is_abandoned(std::uint32_t ip) {
    const FileDescriptor probe(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    setsockopt(probe.get(), IPPROTO_IP, IP_FREEBIND, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(ip);
    address.sin_port = htons(protocol::gvcp::kPort);
    return bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

bool is_marked(const Message& address) {
    if (const auto protocol = address.attribute<ifaddrmsg, std::uint8_t>(kProtocolAttribute))
        return *protocol == kGigemu;
    const auto body = address.body<ifaddrmsg>();
    const auto ip = address.attribute<ifaddrmsg, std::uint32_t>(IFA_LOCAL);
    return ip && AddressList::of_host().contains(
                     {static_cast<int>(body.ifa_index), ntohl(*ip), body.ifa_prefixlen});
}

std::error_code AddedAddress::add(const Interface& there) {
    auto order = addressed(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, there);
    order.with(kProtocolAttribute, kGigemu);
    if (const auto bits = there.prefix_bits(); bits < 31)
        order.with(IFA_BROADCAST, htonl(broadcast_of(there.ip.ip, there.ip.mask)));
    // A route of its own would give packets of the host the camera's address.
    if (is_inside_another(there)) order.with(IFA_FLAGS, std::uint32_t{IFA_F_NOPREFIXROUTE});
    if (const auto error = netlink::perform({order}).front()) return error;
    at_ = there;
    if (!is_there(there)) AddressList::of_host().add(line_of(there));
    return {};
}

void AddedAddress::remove() {
    const auto removed = std::exchange(at_, std::nullopt);
    if (!removed || !is_there(*removed)) return;
    if (const auto error = remove_from_host(*removed))
        spdlog::warn("the address {} stays on {}: {}", dotted(removed->ip.ip), removed->name,
                     error.message());
}

void remove_abandoned_addresses(std::optional<std::uint32_t> only) {
    for (const auto& one : host_addresses()) {
        if (!one.of_camera || (only && *only != one.ip.ip) || !is_abandoned(one.ip.ip)) continue;
        const auto error = remove_from_host(one);
        spdlog::info("the address {} on {} is left over from a camera that is not running: {}",
                     dotted(one.ip.ip), one.name, error ? error.message() : "removed");
    }
}

}  // namespace emulator::net
