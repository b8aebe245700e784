#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>
#include <functional>
#include <optional>

#include "emulator/net/interface.h"
#include "emulator/net/packet_tap.h"
#include "emulator/sim/host_clock.h"
#include "protocol/ptp/port.h"
#include "protocol/time.h"

namespace emulator::net {

/// The two sockets of IEEE 1588, in the multicast group on one interface. Messages of the event port are
/// time-stamped by the kernel; stamps are converted to times of the camera's oscillator.
class PtpSockets {
  public:
    /// Called on the owner's thread.
    struct Handlers {
        /// What came to the general port has no stamp.
        std::function<void(protocol::ByteView, std::optional<protocol::Time> received)> heard;
        std::function<void(const protocol::ptp::Ticket&, protocol::Time left)> sent;
    };

    PtpSockets(asio::io_context& context, const sim::HostClock& host_clock, Handlers handlers, PacketTap* tap)
        : event_(context),
          general_(context),
          host_clock_(host_clock),
          handlers_(std::move(handlers)),
          tap_(tap) {}

    [[nodiscard]] std::error_code open(const Interface&);
    void close();
    /// A message that cannot be sent is dropped.
    void send(const protocol::ptp::Send&);

  private:
    using Socket = asio::ip::udp::socket;
    [[nodiscard]] static std::error_code open(Socket&, std::uint16_t port, const Interface&);
    void listen(Socket&);
    void receive(Socket&);
    void await_stamps();
    void take_stamps();

    Socket event_, general_;
    sim::HostClock host_clock_;
    Handlers handlers_;
    PacketTap* tap_;  // null: none
    std::uint32_t own_ip_ = 0;
};

}  // namespace emulator::net
