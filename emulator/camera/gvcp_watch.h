#pragma once

#include <span>

#include "protocol/gvcp/control_channel.h"

namespace emulator {

/// Watch on GVCP: told of every datagram of control channel and message channel, on the thread that owns the
/// camera. Override the functions of interest.
class GvcpWatch {
  public:
    virtual ~GvcpWatch() = default;
    /// A datagram reached the control channel and has had no effect yet, also while the camera boots and
    /// hears nothing.
    virtual void on_control(protocol::ByteView, protocol::Endpoint /*from*/) {}
    /// A datagram of the control channel was executed; `replies` are its acknowledges, as far as they are
    /// known.
    virtual void on_handled(protocol::ByteView, std::span<const protocol::gvcp::Reply> /*replies*/) {}
    /// An acknowledge, or a pending one, is about to leave.
    virtual void on_reply(const protocol::gvcp::Reply&) {}
    /// An event command is about to leave, for the first time or again.
    virtual void on_event(protocol::ByteView, protocol::Endpoint /*to*/) {}
    /// A datagram reached the port of the message channel.
    virtual void on_message(protocol::ByteView, protocol::Endpoint /*from*/) {}
};

}  // namespace emulator
