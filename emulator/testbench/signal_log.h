#pragma once

#include <deque>
#include <vector>

#include "emulator/testbench/line_levels.h"

namespace emulator::testbench {

/// Log of the last signals. Numbers are unique and consecutive, so a reader sees what it missed.
class SignalLog {
  public:
    static constexpr std::size_t kKept = 16'384;

    explicit SignalLog(const LineLevels& at_power_up = {}) : before_(at_power_up) {}

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

    /// All that is kept from this number on, and the levels before it.
    struct Recording {
        LineLevels before;
        std::vector<Signal> signals;
    };
    [[nodiscard]] Recording record_since(std::uint64_t number) const;

  private:
    LineLevels before_;  // before the first that is kept
    std::deque<Signal> signals_;
    std::uint64_t next_ = 0;
};

}  // namespace emulator::testbench
