#pragma once

#include "emulator/acquisition/sequencer.h"

namespace emulator {

/// Observer of events inside the camera, called at their times on the thread that owns it. Override the
/// functions of interest.
class Observer {
  public:
    virtual ~Observer() = default;
    /// `block_id` is the block of the frame that the output is about, or 0.
    virtual void on_output(const acquisition::Output&, std::uint64_t /*block_id*/) {}
    /// Motors of the lens may have new targets.
    virtual void on_lens_sent() {}
    /// A datagram of the control or message channel was received or sent.
    virtual void on_datagram() {}
    /// IP configuration was repeated.
    virtual void on_ip_configuration() {}
    /// What must survive a power cycle was written, or could not be.
    virtual void on_stored(bool /*kept*/) {}
};

}  // namespace emulator
