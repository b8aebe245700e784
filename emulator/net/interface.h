#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/device.h"

namespace emulator::net {

/// An address of this host, on the interface that has it.
struct Interface {
    std::string name;
    protocol::IpSettings ip;
    std::uint32_t broadcast = 0;
    bool loopback = false;
    bool segments_before_taps =
        true;  // false for loopback and veth, where offloaded packets reach captures uncut
};

/// All addresses of interfaces that are up, in the order of the system.
[[nodiscard]] std::vector<Interface> interfaces();
/// The interface that an address belongs to; every address of 127.0.0.0/8 is loopback's.
[[nodiscard]] std::optional<Interface> interface_with(std::uint32_t ip);
/// Gives an interface one more address. False without the right to do so.
bool add_address(const std::string& interface_name, const protocol::IpSettings&);

[[nodiscard]] std::string dotted(std::uint32_t ip);
[[nodiscard]] std::optional<std::uint32_t> parse_dotted(const std::string&);

}  // namespace emulator::net
