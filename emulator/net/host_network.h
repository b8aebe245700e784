#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/net/interface.h"

namespace emulator::net {

/// What bears on an address of an interface: all addresses and routes of the host, and who else is on the
/// link.
struct HostNetwork {
    std::vector<Interface> addresses;
    std::vector<Route> routes;
    std::vector<std::uint32_t> neighbours;
};
[[nodiscard]] HostNetwork host_network(int interface_index);

/// Why a camera that is `here` cannot have these usable settings without harm to its host or to another;
/// nothing if it can. It may have an address that its interface has already, with that mask, or one that
/// nobody is known to have, in a subnet that takes no traffic away from other routes.
[[nodiscard]] std::optional<std::string> objection(const protocol::IpSettings& wanted, const Interface& here,
                                                   const HostNetwork&);

}  // namespace emulator::net
