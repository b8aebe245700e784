#pragma once

#include <deque>
#include <vector>

#include "emulator/acquisition/sequencer.h"

namespace emulator::testbench {

/// Begin or end of a move of a lens motor.
struct LensMove {
    enum Part : std::uint8_t { zoom, focus, iris, ir_cut };
    Part part = zoom;
    bool begins = true;
};

/// A signal: an event in the camera.
struct Signal {
    std::uint64_t ticks = 0;  // of the camera's clock, for which it was scheduled
    std::variant<acquisition::Output, LensMove> what;
    std::uint64_t block_id = 0;  // of the frame that it is about, or 0
    std::uint64_t number = 0;    // signals before this one, since power-up
};

/// Log of the last signals. Numbers are unique and consecutive, so a reader sees what it missed.
class SignalLog {
  public:
    static constexpr std::size_t kKept = 16'384;

    void add(Signal);
    /// The number that the next signal will have.
    [[nodiscard]] std::uint64_t next() const { return next_; }

    struct Excerpt {
        std::vector<Signal> signals;
        std::uint64_t next = 0;  // where to read on
        std::uint64_t lost = 0;  // requested, but already overwritten
    };
    /// From this number on, at most so many.
    [[nodiscard]] Excerpt since(std::uint64_t number, std::size_t limit) const;

  private:
    std::deque<Signal> signals_;
    std::uint64_t next_ = 0;
};

}  // namespace emulator::testbench
