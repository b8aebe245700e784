#pragma once

#include "emulator/app/command_line.h"
#include "emulator/app/companion.h"
#include "emulator/profile.h"

namespace emulator {

/// Makes all objects of the camera, connects them and serves until SIGTERM or SIGINT: which object exists in
/// which order, and on which thread it is called. Returns the exit code; throws scenes::ConfigError for what
/// the user must change. A companion may be null.
int serve(const CommandLine&, Profile, Companion*);

/// The answer of a running camera's /readyz: 0 if it is ready, else 1 and a sentence on stderr.
int ask_readyz(const CommandLine&);

/// An address of loopback where no camera is. Throws scenes::ConfigError.
[[nodiscard]] std::string free_loopback_address();

/// Folders of scenes beside those that the program carries.
[[nodiscard]] std::vector<std::filesystem::path> scene_folders();

}  // namespace emulator
