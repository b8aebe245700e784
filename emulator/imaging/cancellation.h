#pragma once

#include <stop_token>

namespace emulator {

/// Thrown by work that nobody wants any more, between two of its steps.
struct Cancelled {};

inline void check(const std::stop_token& stop) {
    if (stop.stop_requested()) throw Cancelled();
}

}  // namespace emulator
