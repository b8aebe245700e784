#pragma once

#include "emulator/app/command_line.h"
#include "emulator/profile.h"

namespace emulator {

/// Makes all objects of the camera, connects them and serves until SIGTERM or SIGINT: which object exists in
/// which order, and on which thread it is called. Returns the exit code; throws scenes::ConfigError for what
/// the user must change.
int serve(const CommandLine&, Profile);

/// Folders of scenes: beside the source in a build, in the system's share folder once installed.
[[nodiscard]] std::vector<std::filesystem::path> scene_folders();

}  // namespace emulator
