#include "emulator/app/serving_place.h"

#include "scenes/json/config_error.h"

namespace emulator {

using scenes::ConfigError;

net::Interface choose_interface(const CommandLine& line) {
    if (!line.address.empty()) {
        const auto ip = net::parse_dotted(line.address);
        if (!ip)
            throw ConfigError("command line", "--address",
                              "an IPv4 address was expected, not \"" + line.address + "\"");
        if (auto found = net::interface_with(*ip)) return *found;
        throw ConfigError("command line", "--address", "this host has no address " + line.address);
    }
    // An address that a camera has added belongs to that camera alone.
    for (const auto& one : net::interfaces()) {
        const bool named = line.interface_name == one.name || line.interface_name == one.label;
        if (!one.of_camera && (line.interface_name.empty() ? !one.loopback : named)) return one;
    }
    if (line.own_address) {
        if (auto bare = net::interface_without_address(line.interface_name)) return *bare;
    }
    if (!line.interface_name.empty()) {
        throw ConfigError("command line", "--interface",
                          "no interface " + line.interface_name + " is up with an IPv4 address");
    }
    if (auto loopback = net::interface_with(0x7F00'0001)) return *loopback;
    throw ConfigError("command line", "--interface",
                      "no interface is up with an IPv4 address, not even loopback");
}

std::optional<testbench::HttpPlace> choose_http(const CommandLine& line, const net::Interface& camera) {
    if (line.http == "off") return std::nullopt;
    // Every camera on loopback has an address of its own, and so a port 8080 of its own.
    if (line.http == "auto")
        return testbench::HttpPlace{camera.loopback ? net::dotted(camera.ip.ip) : "127.0.0.1"};
    if (auto place = testbench::parse_http_place(line.http)) return place;
    throw ConfigError("command line", "--http",
                      "off, auto, or an IPv4 address and a port are expected, not \"" + line.http + "\"");
}

}  // namespace emulator
