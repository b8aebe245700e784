#include "emulator/acquisition/line_history.h"

#include <limits>

#include "protocol/time.h"

namespace emulator::acquisition {
namespace {}  // namespace

void LineHistory::on_edge(Time at, bool high) {
    const bool was_high = !high_.empty() && high_.back().end == Time::max();
    if (high == was_high) return;
    if (high) {
        high_.push_back({at, Time::max()});
    } else if (high_.back().begin == at) {
        high_.pop_back();
    } else {
        high_.back().end = at;
    }
}

void LineHistory::forget_before(Time time) {
    while (!high_.empty() && high_.front().end <= time) high_.pop_front();
}

std::vector<scenes::light::Interval> LineHistory::high(Time from, Time to, Time zero) const {
    std::vector<scenes::light::Interval> times;
    for (const auto& span : high_) {
        if (span.end <= from || span.begin > to) continue;
        times.push_back({.start_s = protocol::seconds(span.begin - zero),
                         .end_s = span.end == Time::max() ? std::numeric_limits<double>::infinity()
                                                          : protocol::seconds(span.end - zero)});
    }
    return times;
}

}  // namespace emulator::acquisition
