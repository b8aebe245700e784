#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "emulator/camera/gvcp_watch.h"
#include "emulator/camera/transport.h"
#include "emulator/features/register_map.h"
#include "emulator/settings.h"
#include "emulator/sim/scheduler.h"
#include "protocol/gvcp/control_channel.h"
#include "protocol/gvcp/message_channel.h"

namespace emulator {

struct Camera;

/// GVCP of the camera: connects control channel and message channel to host time and transport.
class GvcpEndpoint {
  public:
    /// `on_datagram` is called for each datagram of either channel.
    GvcpEndpoint(Camera&, features::RegisterMap&, sim::Scheduler& host, Transport&,
                 std::function<void()> on_datagram);

    void handle_control(protocol::ByteView datagram, protocol::Endpoint from);
    void handle_message(protocol::ByteView datagram, protocol::Endpoint from);
    /// Sends an event if EventNotification is on for it.
    void notify(Events::Name, std::uint64_t block_id = 0, protocol::Bytes data = {});
    void post_event(std::uint16_t id, std::uint64_t block_id = 0, protocol::Bytes data = {});
    /// A write to the non-volatile memory has ended: sends the acknowledges that waited for it.
    void stored(bool kept);
    /// An event was not acknowledged yet.
    [[nodiscard]] bool messages_wait() const { return messages_.deadline().has_value(); }
    /// Discards queued events.
    void reset_messages() { messages_.reset(); }
    /// Forgets the clients of before a restart.
    void forget_control() { control_.forget(); }
    /// Ends the control channel privilege.
    void end_control() {
        control_.end_control();
        arm();
    }
    /// Asked whether a datagram reaches the camera.
    using OnArrival = std::function<bool(protocol::ByteView, protocol::Endpoint from)>;
    void on_arrival(OnArrival asked) { on_arrival_ = std::move(asked); }
    /// Who is told of all datagrams, from now on.
    void watch(GvcpWatch& watch) { watch_ = &watch; }
    /// Schedules the earliest deadline of both channels.
    void arm();

  private:
    void send(const std::vector<protocol::gvcp::Reply>&);
    void transmit(const protocol::gvcp::Reply&);
    void deliver_messages();
    void on_deadline();

    Camera& camera_;
    sim::Scheduler& host_;
    Transport& transport_;
    std::function<void()> on_datagram_;
    OnArrival on_arrival_ = [](auto, auto) { return true; };
    GvcpWatch nobody_, *watch_ = &nobody_;
    protocol::gvcp::ControlChannel control_;
    protocol::gvcp::MessageChannel messages_;
    std::optional<sim::Scheduler::Ticket> deadline_;
};

}  // namespace emulator
