#pragma once

#include <functional>

#include "emulator/storage/flash.h"
#include "protocol/gvcp/control_channel.h"
#include "protocol/gvsp/transmitter.h"
#include "protocol/ptp/port.h"
#include "protocol/time.h"

namespace emulator {

using protocol::Time;

/// Transport interface: what the camera needs from the network (transport layer) and the non-volatile memory.
/// Sockets in the program, a simulated network in tests.
class Transport {
  public:
    virtual ~Transport() = default;
    virtual void send(const protocol::gvcp::Reply&) = 0;
    virtual void send_message(const protocol::Bytes&, protocol::Endpoint to) = 0;

    /// The stream goes to this client from now on. Everything that waits is forgotten.
    virtual void open_stream(const protocol::StreamChannelSettings&) = 0;
    virtual void close_stream() = 0;
    virtual void submit(protocol::gvsp::Block, Time start, const protocol::gvsp::Transmitter::Settings&) = 0;
    /// Blocks of which no packet has left are not sent.
    virtual void abandon_waiting() = 0;
    virtual void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&) = 0;
    virtual void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&) = 0;

    /// Moves the camera to another address, or says why not; then nothing is changed. A stream is closed by
    /// that, and its source port is another.
    virtual protocol::Result<protocol::IpSettings> move_to(const protocol::IpSettings&) = 0;
    /// To the address that the camera has by its own configuration, as it starts or later; nothing if that
    /// cannot be had, and the camera stays where it is.
    virtual std::optional<protocol::IpSettings> move_home(const protocol::NonVolatile&) = 0;
    /// `done` is told, at once or later: true once all is there for good, false if it cannot be kept. The
    /// next is stored only then.
    virtual void store(const Flash&, std::function<void(bool kept)> done) = 0;

    /// Messages of other clocks are of interest, or not any more. Called while the camera is built, too.
    virtual void listen_to_ptp(bool) = 0;
    virtual void send_ptp(const protocol::ptp::Send&) = 0;
    /// The port has another state, or has measured the clock and corrected it.
    virtual void ptp_changed(const protocol::ptp::Port&) = 0;
};

}  // namespace emulator
