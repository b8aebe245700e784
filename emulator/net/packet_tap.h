#pragma once

#include <array>

#include "protocol/bytes.h"

namespace emulator::net {

/// A UDP datagram that is received, or about to be sent.
struct TappedPacket {
    protocol::Endpoint from, to;
    std::array<protocol::ByteView, 2> content{};  // one after the other
    bool inbound = false;
    bool stream = false;  // of the stream channel: a packet of a block, or a test packet
};

/// Tap on the datagrams of the camera. Called on the owner's thread and on that of the stream sender, and
/// must not hold either of them up.
class PacketTap {
  public:
    virtual ~PacketTap() = default;
    virtual void take(const TappedPacket&) = 0;
};

/// The datagrams that leave one end for another.
struct TappedRoute {
    PacketTap* tap = nullptr;  // nothing: nobody listens
    protocol::Endpoint from{}, to{};

    void sent(protocol::ByteView head, protocol::ByteView data = {}) const {
        if (tap != nullptr) tap->take({.from = from, .to = to, .content = {head, data}, .stream = true});
    }
};

}  // namespace emulator::net
