#pragma once

#include "emulator/acquisition/sequencer.h"

namespace emulator {

/// Observer of a camera: told of events inside it, at the moment at which they happen, by the thread that
/// owns it. What is not of interest is not overridden.
class Observer {
  public:
    virtual ~Observer() = default;
    /// `block_id` is the block of the frame that the output is about, or 0.
    virtual void on_output(const acquisition::Output&, std::uint64_t /*block_id*/) {}
    /// Motors of the lens may have new targets.
    virtual void on_lens_sent() {}
    /// A datagram of the control or message channel came or went.
    virtual void on_datagram() {}
    /// The camera has looked for its address anew.
    virtual void on_ip_configuration() {}
    /// What must survive a power cycle was written, or could not be.
    virtual void on_stored(bool /*kept*/) {}
};

}  // namespace emulator
