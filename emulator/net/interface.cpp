#include "emulator/net/interface.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

namespace emulator::net {
namespace {

constexpr std::uint32_t kLoopbackNet = 0x7F00'0000, kLoopbackMask = 0xFF00'0000;

std::uint32_t host_order(const sockaddr* address) {
    if (!address) return 0;
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    return ntohl(in.sin_addr.s_addr);
}

sockaddr socket_address(std::uint32_t ip) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(ip);
    sockaddr address{};
    std::memcpy(&address, &in, sizeof address);
    return address;
}

/// Whether a driver sits on a bus. Veth, bridge, macvlan and the like sit on none, and hand packets on uncut.
bool is_hardware(const std::string& name) {
    const int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (socket_fd < 0) return false;
    ethtool_drvinfo driver{};
    driver.cmd = ETHTOOL_GDRVINFO;
    ifreq request{};
    name.copy(request.ifr_name, IF_NAMESIZE - 1);
    request.ifr_data = reinterpret_cast<char*>(&driver);
    const bool told = ioctl(socket_fd, SIOCETHTOOL, &request) == 0;
    close(socket_fd);
    return told && driver.bus_info[0] != '\0';
}

/// The default gateway of an interface, from the kernel's routing table.
std::uint32_t gateway_of(const std::string& name) {
    std::ifstream table("/proc/net/route");
    std::string line;
    while (std::getline(table, line)) {
        char interface[IF_NAMESIZE + 1];
        unsigned destination = 0, gateway = 0;
        if (std::sscanf(line.c_str(), "%16s %x %x", interface, &destination, &gateway) != 3) continue;
        if (name == interface && destination == 0) return ntohl(gateway);
    }
    return 0;
}

}  // namespace

std::vector<Interface> interfaces() {
    std::vector<Interface> found;
    ifaddrs* all = nullptr;
    if (getifaddrs(&all) != 0) return found;
    for (const auto* one = all; one; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET || !(one->ifa_flags & IFF_UP)) continue;
        const std::string name = one->ifa_name;
        const bool loopback = one->ifa_flags & IFF_LOOPBACK;
        const auto ip = host_order(one->ifa_addr), mask = host_order(one->ifa_netmask);
        found.push_back({.name = name,
                         .ip = {.ip = ip, .mask = mask, .gateway = gateway_of(name)},
                         .broadcast = ip | ~mask,
                         .loopback = loopback,
                         .segments_before_taps = !loopback && is_hardware(name)});
    }
    freeifaddrs(all);
    return found;
}

std::optional<Interface> interface_with(std::uint32_t ip) {
    for (auto& one : interfaces()) {
        const bool ours = one.ip.ip == ip || (one.loopback && (ip & kLoopbackMask) == kLoopbackNet);
        if (!ours) continue;
        one.ip.ip = ip;
        return one;
    }
    return std::nullopt;
}

// An alias of the interface carries the address, so that the one it has stays.
bool add_address(const std::string& interface_name, const protocol::IpSettings& ip) {
    const int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (socket_fd < 0) return false;
    ifreq request{};
    const auto alias = interface_name + ":gig";
    alias.copy(request.ifr_name, std::min<std::size_t>(alias.size(), IF_NAMESIZE - 1));
    request.ifr_addr = socket_address(ip.ip);
    bool done = ioctl(socket_fd, SIOCSIFADDR, &request) == 0;
    if (done && ip.mask != 0) {
        request.ifr_netmask = socket_address(ip.mask);
        done = ioctl(socket_fd, SIOCSIFNETMASK, &request) == 0;
    }
    close(socket_fd);
    return done;
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
