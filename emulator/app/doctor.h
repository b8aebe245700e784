#pragma once

#include "emulator/app/command_line.h"

namespace emulator {

/// `gigemu doctor`: checks the place where a camera with this command line would run, one line for each check
/// on stdout. The exit code: 0, or 1 where no camera can run. Throws scenes::ConfigError.
int examine_place(const CommandLine&);

}  // namespace emulator
