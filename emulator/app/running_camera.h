#pragma once

#include "emulator/faults/faulty_transport.h"
#include "emulator/net/frame_worker.h"
#include "emulator/net/network_transport.h"
#include "emulator/sim/pacer.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/recording_desk.h"

namespace emulator {

/// A camera from one power-up to the next: its time, sockets, state and test bench. A reset makes another
/// one; frame worker and HTTP server go on.
class RunningCamera {
  public:
    /// Throws scenes::ConfigError for a feature of the profile that cannot be set.
    RunningCamera(asio::io_context& context, const Profile& profile, const Flash& flash,
                  const NonVolatileStore& store, const net::AddressChoice& home, net::FrameWorker& worker,
                  testbench::Scene scene, testbench::SceneLibrary library,
                  testbench::RecordingDesk* recordings);

    /// Runs `act(bench)` at the camera's present time.
    void in_time(const std::function<void(testbench::Bench&)>& act) {
        pacer_.in_time([&] {
            tell_clock();
            act(bench_);
        });
    }
    void catch_up() { pacer_.catch_up(); }
    /// Closes all sockets and stops time. Handlers that wait in the event loop still need it.
    void stop();

    [[nodiscard]] const net::NetworkTransport& network() const { return network_; }
    [[nodiscard]] Camera& camera() { return camera_; }
    [[nodiscard]] testbench::Bench& bench() { return bench_; }

  private:
    [[nodiscard]] net::NetworkTransport::Handlers handlers();
    void tell_clock();

    testbench::RecordingDesk* recordings_;  // null: nothing may be written
    sim::TimeControl time_;
    sim::HostClock host_clock_;
    sim::Pacer pacer_;
    net::NetworkTransport network_;
    faults::Faults faults_;
    faults::FaultyTransport transport_;
    Camera camera_;
    testbench::SceneInForce scene_;
    testbench::Bench bench_;
};

}  // namespace emulator
