#pragma once

#include "tests/world/network.h"

namespace world {

/// What a stranger knows of the network.
struct Target {
    Endpoint camera;
    Endpoint client;  // the control end of an application; its stream and event ports follow
};

/// A burst of datagrams of one who has no right to anything: by a host of its own.
void strange(Network&, const Target&, std::uint64_t seed);
/// A FORCEIP command for the camera with this hardware address.
void administrate(Network&, const Target&, std::uint64_t mac, std::uint64_t seed);
/// The same as `strange` with the addresses of others, though never with the very end that may have control.
void attack(Network&, const Target&, std::uint64_t seed);

}  // namespace world
