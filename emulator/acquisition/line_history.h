#pragma once

#include <deque>
#include <vector>

#include "protocol/time.h"
#include "scenes/light/lamp.h"

namespace emulator::acquisition {

using protocol::Time;

/// Recent levels of a line as intervals in which it was high. It begins low.
class LineHistory {
  public:
    /// Edges come in order.
    void on_edge(Time at, bool high);
    /// Discards what ended before this time.
    void forget_before(Time);
    /// When it was high from one time to another, counted from `zero`; a line that is still high is high for
    /// ever.
    [[nodiscard]] std::vector<scenes::light::Interval> high(Time from, Time to, Time zero) const;

  private:
    struct Span {
        Time begin{}, end{};
    };
    std::deque<Span> high_;  // in order; the last one may be without an end
};

}  // namespace emulator::acquisition
