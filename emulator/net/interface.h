#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/device.h"

namespace emulator::net {

/// Limited broadcast address (RFC 919).
inline constexpr std::uint32_t kLimitedBroadcast = 0xFFFF'FFFF;

/// An address of this host, on the interface that has it.
struct Interface {
    std::string name;   // of the device, whatever label the address has
    std::string label;  // of the address; mostly the name
    int index = 0;
    protocol::IpSettings ip;
    std::uint32_t broadcast = 0;  // of the subnet; 255.255.255.255 where it has none
    int mtu = 1500;
    bool up = true;
    bool loopback = false;
    bool of_camera = false;            // a camera has added it to the host
    bool segments_before_taps = true;  // false for loopback and veth, where captures see unsegmented packets

    [[nodiscard]] int prefix_bits() const;
};

/// The broadcast address of a subnet; 255.255.255.255 for one of two addresses or one.
[[nodiscard]] std::uint32_t broadcast_of(std::uint32_t ip, std::uint32_t mask);

/// All addresses of this host, in the order of the system.
[[nodiscard]] std::vector<Interface> host_addresses();
/// Those of interfaces that are up.
[[nodiscard]] std::vector<Interface> interfaces();
/// The interface that an address belongs to; every address of 127.0.0.0/8 is loopback's.
[[nodiscard]] std::optional<Interface> interface_with(std::uint32_t ip);

/// The interface of this name, or the first that is neither loopback nor down, whatever addresses it has; its
/// own is 0.
[[nodiscard]] std::optional<Interface> interface_without_address(const std::string& name);

/// An entry of the host's main routing table; one without a gateway is 0 there.
struct Route {
    std::string interface_name;
    std::uint32_t destination = 0, mask = 0, gateway = 0;
};
[[nodiscard]] std::vector<Route> routes();
/// Addresses in the neighbour table (ARP) of an interface.
[[nodiscard]] std::vector<std::uint32_t> neighbours(int interface_index);

/// No camera is at this address of the host.
[[nodiscard]] bool is_free(std::uint32_t ip);

[[nodiscard]] std::string dotted(std::uint32_t ip);
[[nodiscard]] std::optional<std::uint32_t> parse_dotted(const std::string&);

}  // namespace emulator::net
