#pragma once

#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/route.h"

namespace emulator::testbench::routes {

/// A number of microseconds, to the nanosecond.
[[nodiscard]] Time time_of(const nlohmann::json& us);

/// Start time: `at_ns` of the camera's clock, `after_us` from now, or now. Throws Problem.
[[nodiscard]] Time begin_of(const nlohmann::json& body, const Bench&);

}  // namespace emulator::testbench::routes
