#include "emulator/testbench/signal_log.h"

#include <algorithm>

namespace emulator::testbench {

void SignalLog::add(Signal signal) {
    signal.number = next_++;
    signals_.push_back(signal);
    if (signals_.size() <= kKept) return;
    before_.apply(signals_.front());
    signals_.pop_front();
}

SignalLog::Excerpt SignalLog::since(std::uint64_t number, std::size_t limit) const {
    const auto first = std::clamp(number, next_ - signals_.size(), next_);
    const auto count = std::min<std::uint64_t>(limit, next_ - first);
    const auto begin = signals_.end() - static_cast<std::ptrdiff_t>(next_ - first);
    return {.signals = {begin, begin + static_cast<std::ptrdiff_t>(count)},
            .next = first + count,
            .lost = first > number ? first - number : 0};
}

SignalLog::Recording SignalLog::record_since(std::uint64_t number) const {
    auto [signals, next, lost] = since(number, kKept);
    Recording recording{.before = before_, .signals = std::move(signals)};
    for (std::size_t i = 0; i + recording.signals.size() < signals_.size(); ++i)
        recording.before.apply(signals_[i]);
    return recording;
}

}  // namespace emulator::testbench
