#pragma once

#include <atomic>

#include "protocol/gvsp/transmitter.h"

namespace emulator::net {

/// What the sender's thread has sent since power-up, whatever address it sent from; any thread may read it.
class StreamCounts {
  public:
    struct Values {
        protocol::gvsp::Transmitter::Counts transmitter;
        std::uint64_t blocks = 0;          // of which all packets left this host
        std::uint64_t packets_unsent = 0;  // that this host did not send
    };

    /// The transmitter counted on from `before` to `now`.
    void add(const protocol::gvsp::Transmitter::Counts& before,
             const protocol::gvsp::Transmitter::Counts& now) {
        packets_ += now.packets - before.packets;
        resend_requests_ += now.resend_requests - before.resend_requests;
        packets_resent_ += now.packets_resent - before.packets_resent;
        packets_refused_ += now.packets_refused - before.packets_refused;
    }
    void add_block() { ++blocks_; }
    void add_unsent() { ++packets_unsent_; }
    [[nodiscard]] Values values() const {
        return {.transmitter = {.packets = packets_,
                                .resend_requests = resend_requests_,
                                .packets_resent = packets_resent_,
                                .packets_refused = packets_refused_},
                .blocks = blocks_,
                .packets_unsent = packets_unsent_};
    }

  private:
    std::atomic<std::uint64_t> packets_ = 0, resend_requests_ = 0, packets_resent_ = 0, packets_refused_ = 0;
    std::atomic<std::uint64_t> blocks_ = 0, packets_unsent_ = 0;
};

}  // namespace emulator::net
