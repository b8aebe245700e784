#pragma once

#include <string>

#include "emulator/testbench/http/http_server.h"

namespace emulator::testbench {

/// Asks a running camera whether it is ready; the answer is why it is not, or nothing.
[[nodiscard]] std::string self_check(const HttpPlace&);

}  // namespace emulator::testbench
