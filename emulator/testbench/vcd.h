#pragma once

#include <string>

#include "emulator/testbench/signal_log.h"

namespace emulator::testbench {

/// A recording as a value change dump (IEEE 1364-2005, clause 18), in ns: from just before its first signal
/// to `end_ticks`. Its times are those of the camera's clock; where that was set back they go on from the
/// latest, and a comment says by how much.
[[nodiscard]] std::string vcd(const SignalLog::Recording&, std::uint64_t end_ticks);

}  // namespace emulator::testbench
