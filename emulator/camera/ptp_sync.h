#pragma once

#include <optional>

#include "emulator/camera/transport.h"
#include "emulator/sim/scheduler.h"

namespace emulator {

struct Camera;

/// IEEE 1588 in the camera: connects the PTP port to scheduler, network and the camera's clock. Times in its
/// interface are the oscillator's.
class PtpSync {
  public:
    PtpSync(Camera&, sim::Scheduler&, Transport&);

    void enable(bool);
    /// PTP stands still, whatever is enabled: camera time does not run as the network's.
    void hold(bool);
    /// The camera moved to another address or network: masters are discovered again.
    void start_over();
    /// Whether ports 319 and 320 could be opened; without them PTP can be enabled but does not run.
    void ports_opened(bool);
    /// `received` is nothing for what came to the general port.
    void handle(protocol::ByteView datagram, std::optional<Time> received);
    void sent(const protocol::ptp::Ticket&, Time left);
    [[nodiscard]] const protocol::ptp::Port& port() const { return port_; }

  private:
    void start_or_stop();
    void act(const protocol::ptp::Actions&);
    void arm();

    Camera& camera_;
    sim::Scheduler& scheduler_;
    Transport& transport_;
    protocol::ptp::Port port_;
    bool ports_open_ = true, held_ = false;
    std::optional<sim::Scheduler::Ticket> deadline_;
};

}  // namespace emulator
