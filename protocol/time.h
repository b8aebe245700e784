#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace protocol {

/// Time of the camera's oscillator since power-up; it is never steered: timers and everything that is planned
/// count in it. Also the length of an interval. The wall clock is unknown here.
using Time = std::chrono::nanoseconds;

[[nodiscard]] constexpr double seconds(Time time) { return static_cast<double>(time.count()) * 1e-9; }

/// A reading of the camera's clock, the timestamp counter: since its reset, or with PTP since the epoch of
/// its master (IEEE 1588-2008, 7.2). The clock is reset, stepped and steered, so only `Clock` converts
/// between it and time of the oscillator. The difference of two is the length of an interval.
struct TimestampCounter {};
using Timestamp = std::chrono::time_point<TimestampCounter, Time>;

/// As registers, leaders and events carry it.
[[nodiscard]] constexpr std::uint64_t ticks(Timestamp stamp) {
    return static_cast<std::uint64_t>(stamp.time_since_epoch().count());
}
/// The other way; what does not fit is the last of all.
[[nodiscard]] constexpr Timestamp timestamp(std::uint64_t ticks) {
    constexpr std::uint64_t last = INT64_MAX;
    return Timestamp(Time(static_cast<std::int64_t>(std::min(ticks, last))));
}

}  // namespace protocol
