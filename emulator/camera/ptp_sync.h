#pragma once

#include <optional>

#include "emulator/camera/transport.h"
#include "emulator/sim/scheduler.h"

namespace emulator {

struct Camera;

/// The camera's part in IEEE 1588: ties the port to scheduler and network, and the camera's clock to what the
/// port says. Times in its interface are the oscillator's.
class PtpSync {
  public:
    PtpSync(Camera&, sim::Scheduler&, Transport&);

    void enable(bool);
    /// The camera is somewhere else in the network: who is there is looked for anew.
    void start_over();
    /// The ports of PTP can be had, or cannot: without them it is enabled, and does not run.
    void ports_opened(bool);
    /// `received` is nothing for what came to the general port.
    void handle(protocol::ByteView datagram, std::optional<Time> received);
    void sent(const protocol::ptp::Ticket&, Time left);

  private:
    void start_or_stop();
    void act(const protocol::ptp::Actions&);
    void arm();

    Camera& camera_;
    sim::Scheduler& scheduler_;
    Transport& transport_;
    protocol::ptp::Port port_;
    bool ports_open_ = true;
    std::optional<sim::Scheduler::Ticket> deadline_;
};

}  // namespace emulator
