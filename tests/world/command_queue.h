#pragma once

#include <deque>
#include <optional>

#include "tests/world/laws/wire.h"
#include "tests/world/network.h"

namespace world {

/// The commands of an application to its camera: one is under way at a time, and is repeated until it is
/// answered.
class CommandQueue {
  public:
    /// Nothing: there was no answer.
    using Then = std::function<void(const std::optional<Answer>&)>;

    explicit CommandQueue(Network& network) : network_(network) {}
    /// Commands leave from there from now on.
    void open(Endpoint from);
    /// They go there from now on; what waits is not sent any more.
    void begin(Endpoint camera);
    /// Politely it releases control.
    void close(bool politely);
    void ask(std::uint16_t code, const Bytes& payload, Then);
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  private:
    struct Pending {
        Bytes datagram;
        std::uint16_t code = 0, id = 0;
        int tries = 0;
        Then then;
    };
    void send_front();
    void wait_for_front(Time);
    /// The one under way is over.
    [[nodiscard]] Then take_front();
    void hear(ByteView);

    Network& network_;
    Endpoint camera_, from_;
    std::uint16_t last_id_ = 0;
    std::deque<Pending> waiting_;
    std::optional<emulator::sim::Scheduler::Ticket> timeout_;
};

}  // namespace world
