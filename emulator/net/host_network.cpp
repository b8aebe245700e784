#include "emulator/net/host_network.h"

#include <algorithm>
#include <bit>

namespace emulator::net {
namespace {

using protocol::IpSettings;

constexpr std::uint32_t kLoopbackMask = 0xFF00'0000;
constexpr int kShortestSubnet = 8;  // What is shorter is a default route, whole or in halves.

/// Whether an address that this host already has may be used; nothing if it does not have it.
struct Found {
    bool any = false;
    std::optional<std::string> objection;
};

Found at_host(const IpSettings& wanted, const Interface& here, const std::vector<Interface>& addresses) {
    Found found;
    for (const auto& one : addresses) {
        if (one.ip.ip != wanted.ip) continue;
        if (one.index != here.index) return {true, "it belongs to " + one.name + " of this host"};
        found.any = true;
        const bool own = one.of_camera && wanted.ip == here.ip.ip;
        if (one.of_camera && !own) return {true, "another camera of this host has it"};
        if (!own && one.ip.mask != wanted.mask)
            return {true, "this host has it with the mask " + dotted(one.ip.mask)};
    }
    return found;
}

std::optional<std::string> in_use(std::uint32_t ip, const HostNetwork& host) {
    const bool gateway =
        std::ranges::any_of(host.routes, [ip](const auto& one) { return one.gateway == ip; });
    if (gateway) return "it is a gateway of this host";
    if (std::ranges::find(host.neighbours, ip) != host.neighbours.end()) return "another host has it";
    return std::nullopt;
}

std::optional<std::string> takes_traffic(const IpSettings& wanted, const Interface& here,
                                         const std::vector<Route>& routes) {
    const auto here_already = [&](const Route& one) {
        return one.interface_name == here.name && one.gateway == 0;
    };
    const auto same_subnet = [&](const Route& one) {
        return here_already(one) && one.mask == wanted.mask && one.destination == (wanted.ip & wanted.mask);
    };
    if (std::ranges::any_of(routes, same_subnet)) return std::nullopt;
    for (const auto& one : routes) {
        const auto common = one.mask & wanted.mask;
        const bool overlaps = (one.destination & common) == (wanted.ip & common);
        if (here_already(one) || std::popcount(one.mask) < kShortestSubnet || !overlaps) continue;
        return "its subnet overlaps a route of this host through " + one.interface_name;
    }
    return std::nullopt;
}

}  // namespace

HostNetwork host_network(int interface_index) {
    return {.addresses = host_addresses(), .routes = routes(), .neighbours = neighbours(interface_index)};
}

std::optional<std::string> objection(const IpSettings& wanted, const Interface& here,
                                     const HostNetwork& host) {
    if (here.loopback) {
        if (protocol::is_loopback(wanted.ip) && wanted.mask == kLoopbackMask) return std::nullopt;
        return "loopback has 127.0.0.0 with the mask 255.0.0.0, and nothing else";
    }
    const auto found = at_host(wanted, here, host.addresses);
    if (found.objection) return found.objection;
    if (!found.any) {
        if (auto sentence = in_use(wanted.ip, host)) return sentence;
    } else if (wanted.mask == here.ip.mask || wanted.ip != here.ip.ip) {
        return std::nullopt;  // The host already has it with this mask.
    }
    return takes_traffic(wanted, here, host.routes);
}

}  // namespace emulator::net
