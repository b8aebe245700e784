#pragma once

#include <stop_token>

namespace emulator {

/// Thrown between two steps of work whose result is not needed any more.
struct Cancelled {};

inline void check(const std::stop_token& stop) {
    if (stop.stop_requested()) throw Cancelled();
}

}  // namespace emulator
