#include "emulator/acquisition/send_queue.h"

#include <algorithm>

namespace emulator::acquisition {

Time SendQueue::add(Time ready, Time transfer) {
    const auto begin = transfers_.empty() ? ready : std::max(ready, transfers_.back().end);
    transfers_.push_back({.begin = begin, .end = begin + transfer});
    if (transfers_.size() > kMost) transfers_.pop_front();
    return begin;
}

Time SendQueue::room_at(std::size_t limit) const {
    return transfers_.size() < limit ? Time{} : transfers_[transfers_.size() - limit].begin;
}

void SendQueue::abandon(Time now) {
    while (!transfers_.empty() && transfers_.back().begin > now) transfers_.pop_back();
}

}  // namespace emulator::acquisition
