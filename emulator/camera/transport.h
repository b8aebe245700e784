#pragma once

#include <functional>

#include "emulator/storage/flash.h"
#include "protocol/gvcp/control_channel.h"
#include "protocol/gvsp/transmitter.h"
#include "protocol/ptp/port.h"
#include "protocol/time.h"

namespace emulator::faults {
struct StreamFaults;
}

namespace emulator {

using protocol::Time;

/// Transport interface: what the camera needs from the network (transport layer) and the non-volatile memory.
/// Sockets in the program, a simulated network in tests.
class Transport {
  public:
    virtual ~Transport() = default;
    virtual void send(const protocol::gvcp::Reply&) = 0;
    virtual void send_message(const protocol::Bytes&, protocol::Endpoint to) = 0;

    /// Sets the destination of the stream. Blocks that wait are discarded.
    virtual void open_stream(const protocol::StreamChannelSettings&) = 0;
    virtual void close_stream() = 0;
    /// What becomes of the packets of blocks that are submitted from now on.
    virtual void set_faults(const faults::StreamFaults&) = 0;
    /// `start` is a camera time.
    virtual void submit(protocol::gvsp::Block, Time start, const protocol::gvsp::Transmitter::Settings&) = 0;
    /// Blocks of which no packet has left are not sent.
    virtual void abandon_waiting() = 0;
    /// A block waits, or some of its packets do.
    [[nodiscard]] virtual bool sending() const = 0;
    virtual void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&) = 0;
    virtual void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&) = 0;

    /// Moves the camera to another address, which closes the stream and changes its source port; or returns
    /// why not, and changes nothing.
    virtual protocol::Result<protocol::IpSettings> move_to(const protocol::IpSettings&) = 0;
    /// Moves to the address of the camera's own IP configuration, at start-up or later; nothing if that is
    /// not possible, and the camera keeps its address.
    virtual std::optional<protocol::IpSettings> move_home(const protocol::NonVolatile&) = 0;
    /// Writes the non-volatile memory and calls `done`, at once or later: true once it is durable, false if
    /// it could not be written. The next write begins after that.
    virtual void store(const Flash&, std::function<void(bool kept)> done) = 0;

    /// Joins or leaves the PTP multicast group. Also called during construction of the camera.
    virtual void listen_to_ptp(bool) = 0;
    virtual void send_ptp(const protocol::ptp::Send&) = 0;
    /// The PTP port changed its state, or measured and corrected the clock.
    virtual void ptp_changed(const protocol::ptp::Port&) = 0;
};

}  // namespace emulator
