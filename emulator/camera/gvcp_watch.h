#pragma once

#include "protocol/gvcp/control_channel.h"

namespace emulator {

/// Watch on GVCP: told of every datagram of control channel and message channel, on the thread that owns the
/// camera, before it has any effect. Override the functions of interest.
class GvcpWatch {
  public:
    virtual ~GvcpWatch() = default;
    /// A datagram reached the control channel, also while the camera boots and hears nothing.
    virtual void on_control(protocol::ByteView, protocol::Endpoint /*from*/) {}
    /// An acknowledge, or a pending one, is about to leave.
    virtual void on_reply(const protocol::gvcp::Reply&) {}
    /// An event command is about to leave, for the first time or again.
    virtual void on_event(protocol::ByteView, protocol::Endpoint /*to*/) {}
    /// A datagram reached the port of the message channel.
    virtual void on_message(protocol::ByteView, protocol::Endpoint /*from*/) {}
};

}  // namespace emulator
