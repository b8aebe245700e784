#include "emulator/net/interface.h"

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <map>
#include <sstream>

#include "emulator/file_descriptor.h"
#include "emulator/net/added_address.h"
#include "emulator/net/netlink.h"
#include "protocol/gvcp/format.h"

namespace emulator::net {
namespace {

/// Whether a driver sits on a bus. Veth, bridge, macvlan and the like sit on none, and hand packets on uncut.
bool is_hardware(const std::string& name) {
    const FileDescriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!any) return false;
    ethtool_drvinfo driver{};
    driver.cmd = ETHTOOL_GDRVINFO;
    ifreq request{};
    name.copy(request.ifr_name, IF_NAMESIZE - 1);
    request.ifr_data = reinterpret_cast<char*>(&driver);
    return ioctl(any.get(), SIOCETHTOOL, &request) == 0 && driver.bus_info[0] != '\0';
}

/// The default gateway of an interface.
std::uint32_t gateway_of(const std::string& name, const std::vector<Route>& table) {
    for (const auto& route : table) {
        if (route.interface_name == name && route.mask == 0) return route.gateway;
    }
    return 0;
}

/// The interfaces by their index, without addresses.
std::map<int, Interface> links() {
    const auto table = routes();
    std::map<int, Interface> found;
    for (const auto& entry : netlink::dump<ifinfomsg>(RTM_GETLINK)) {
        const auto link = entry.body<ifinfomsg>();
        const auto name = entry.text<ifinfomsg>(IFLA_IFNAME);
        const bool loopback = link.ifi_flags & IFF_LOOPBACK;
        found[link.ifi_index] = {.name = name,
                                 .label = name,
                                 .index = link.ifi_index,
                                 .ip = {.gateway = gateway_of(name, table)},
                                 .mtu = entry.attribute<ifinfomsg, int>(IFLA_MTU).value_or(0),
                                 .up = (link.ifi_flags & IFF_UP) != 0,
                                 .loopback = loopback,
                                 .segments_before_taps = !loopback && is_hardware(name)};
    }
    return found;
}

}  // namespace

int Interface::prefix_bits() const { return std::popcount(ip.mask); }

std::uint32_t broadcast_of(std::uint32_t ip, std::uint32_t mask) {
    return std::popcount(mask) < 31 ? ip | ~mask : kLimitedBroadcast;
}

std::vector<Interface> host_addresses() {
    const auto links_by_index = links();
    std::vector<Interface> found;
    for (const auto& entry : netlink::dump<ifaddrmsg>(RTM_GETADDR)) {
        const auto address = entry.body<ifaddrmsg>();
        const auto link = links_by_index.find(static_cast<int>(address.ifa_index));
        const auto ip = entry.attribute<ifaddrmsg, std::uint32_t>(IFA_LOCAL);
        if (!ip || link == links_by_index.end()) continue;
        auto one = link->second;
        one.ip.ip = ntohl(*ip);
        one.ip.mask = address.ifa_prefixlen == 0 ? 0 : kLimitedBroadcast << (32 - address.ifa_prefixlen);
        one.broadcast = broadcast_of(one.ip.ip, one.ip.mask);
        if (const auto label = entry.text<ifaddrmsg>(IFA_LABEL); !label.empty()) one.label = label;
        one.of_camera = is_marked(entry);
        found.push_back(one);
    }
    return found;
}

std::vector<Interface> interfaces() {
    auto all = host_addresses();
    std::erase_if(all, [](const auto& one) { return !one.up; });
    return all;
}

std::optional<Interface> interface_with(std::uint32_t ip) {
    for (auto& one : interfaces()) {
        const bool ours = one.ip.ip == ip || (one.loopback && protocol::is_loopback(ip));
        if (!ours) continue;
        one.ip.ip = ip;
        return one;
    }
    return std::nullopt;
}

std::optional<Interface> interface_without_address(const std::string& name) {
    for (auto& [index, link] : links()) {
        const bool wanted = name.empty() ? !link.loopback : link.name == name;
        if (!wanted || !link.up) continue;
        auto one = link;
        one.ip = {};
        one.broadcast = kLimitedBroadcast;
        return one;
    }
    return std::nullopt;
}

std::vector<Route> routes() {
    std::ifstream table("/proc/net/route");
    std::vector<Route> found;
    std::string line;
    std::getline(table, line);  // what the columns are
    while (std::getline(table, line)) {
        std::istringstream columns(line);
        std::string name, flags, references, uses, metric;
        std::uint32_t destination = 0, gateway = 0, mask = 0;
        columns >> name >> std::hex >> destination >> gateway >> flags >> references >> uses >> metric >>
            mask;
        if (!columns) continue;
        found.push_back({.interface_name = name,
                         .destination = ntohl(destination),
                         .mask = ntohl(mask),
                         .gateway = ntohl(gateway)});
    }
    return found;
}

std::vector<std::uint32_t> neighbours(int interface_index) {
    constexpr auto kThere = NUD_REACHABLE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;
    std::vector<std::uint32_t> found;
    for (const auto& entry : netlink::dump<ndmsg>(RTM_GETNEIGH)) {
        const auto neighbour = entry.body<ndmsg>();
        const auto ip = entry.attribute<ndmsg, std::uint32_t>(NDA_DST);
        if (ip && neighbour.ndm_ifindex == interface_index && (neighbour.ndm_state & kThere))
            found.push_back(ntohl(*ip));
    }
    return found;
}

bool is_free(std::uint32_t ip) {
    const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(ip);
    at.sin_port = htons(protocol::gvcp::kPort);
    return bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
}

std::string dotted(std::uint32_t ip) {
    const in_addr address{.s_addr = htonl(ip)};
    char text[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, &address, text, sizeof text);
}

std::optional<std::uint32_t> parse_dotted(const std::string& text) {
    in_addr address{};
    if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
    return ntohl(address.s_addr);
}

}  // namespace emulator::net
