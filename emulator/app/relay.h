#pragma once

#include "emulator/app/command_line.h"

namespace emulator {

/// `gigemu relay`: stands in for a camera that only a published port leads to, until SIGTERM or SIGINT
/// (docs/containers.md). The exit code: 0, or 1 where its own port is taken. Throws scenes::ConfigError.
int relay_camera(const CommandLine&);

}  // namespace emulator
