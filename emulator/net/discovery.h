#pragma once

#include <chrono>
#include <cstdint>

namespace emulator::net {

/// Whether a device at this address of the host answers DISCOVERY_CMD on the wire in time. It blocks; call
/// it on a thread that may.
[[nodiscard]] bool answers_discovery(std::uint32_t ip, std::chrono::milliseconds patience);

}  // namespace emulator::net
