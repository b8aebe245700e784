#pragma once

#include <atomic>

#include "protocol/gvsp/transmitter.h"

namespace emulator::net {

/// Packets that the sender's thread has sent since power-up, whatever address it sent from; any thread may
/// read it.
class StreamCounts {
  public:
    using Values = protocol::gvsp::Transmitter::Counts;

    /// The transmitter counted on from `before` to `now`.
    void add(const Values& before, const Values& now) {
        packets_ += now.packets - before.packets;
        resend_requests_ += now.resend_requests - before.resend_requests;
        packets_resent_ += now.packets_resent - before.packets_resent;
        packets_refused_ += now.packets_refused - before.packets_refused;
    }
    [[nodiscard]] Values values() const {
        return {.packets = packets_,
                .resend_requests = resend_requests_,
                .packets_resent = packets_resent_,
                .packets_refused = packets_refused_};
    }

  private:
    std::atomic<std::uint64_t> packets_ = 0, resend_requests_ = 0, packets_resent_ = 0, packets_refused_ = 0;
};

}  // namespace emulator::net
