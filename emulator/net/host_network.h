#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/net/interface.h"

namespace emulator::net {

/// State of the host's network that decides on a new address: addresses, routes, and neighbours (ARP).
struct HostNetwork {
    std::vector<Interface> addresses;
    std::vector<Route> routes;
    std::vector<std::uint32_t> neighbours;
};
[[nodiscard]] HostNetwork host_network(int interface_index);

/// Why a camera that is `here` cannot have these usable settings without harm to its host or to another;
/// nothing if it can. Allowed are an address that its interface has already, with that mask, and one that is
/// not known to be in use, in a subnet that takes no traffic from other routes.
[[nodiscard]] std::optional<std::string> objection(const protocol::IpSettings& wanted, const Interface& here,
                                                   const HostNetwork&);

}  // namespace emulator::net
