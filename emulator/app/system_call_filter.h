#pragma once

#include <system_error>

namespace emulator {

/// From now on this process and its threads have no new privileges, and the kernel refuses system calls that
/// the camera has no use for (EPERM): other programs and processes, tracing, mounts, modules, clocks, raw and
/// packet sockets (the latter stay with `packet_sockets_too`: ARP needs them). To be called before threads
/// are started.
[[nodiscard]] std::error_code filter_system_calls(bool packet_sockets_too = false);

}  // namespace emulator
