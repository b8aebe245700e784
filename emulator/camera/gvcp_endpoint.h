#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "emulator/camera/transport.h"
#include "emulator/features/register_map.h"
#include "emulator/settings.h"
#include "emulator/sim/scheduler.h"
#include "protocol/gvcp/control_channel.h"
#include "protocol/gvcp/message_channel.h"

namespace emulator {

struct Camera;

/// The camera's part in GVCP: ties control channel and message channel to scheduler and network.
class GvcpEndpoint {
  public:
    /// `on_datagram` is told of each datagram of either channel.
    GvcpEndpoint(Camera&, features::RegisterMap&, sim::Scheduler&, Transport&,
                 std::function<void()> on_datagram);

    void handle_control(protocol::ByteView datagram, protocol::Endpoint from);
    void handle_message(protocol::ByteView datagram, protocol::Endpoint from);
    /// Sends an event, if the client wants to be told of it.
    void notify(Events::Name, std::uint64_t block_id = 0, protocol::Bytes data = {});
    void post_event(std::uint16_t id, std::uint64_t block_id = 0, protocol::Bytes data = {});
    /// What a client waits for is in the memory, or could not be kept.
    void stored(bool kept);
    /// Events that wait are dropped.
    void reset_messages() { messages_.reset(); }
    /// Nobody has control any more.
    void forget_control() { control_.forget(); }
    /// Sets the alarm for what the channels have to do next.
    void arm();

  private:
    void send(const std::vector<protocol::gvcp::Reply>&);
    void deliver_messages();
    void on_deadline();

    Camera& camera_;
    sim::Scheduler& scheduler_;
    Transport& transport_;
    std::function<void()> on_datagram_;
    protocol::gvcp::ControlChannel control_;
    protocol::gvcp::MessageChannel messages_;
    std::optional<sim::Scheduler::Ticket> deadline_;
};

}  // namespace emulator
