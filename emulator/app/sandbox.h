#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace emulator {

/// Gives up what the camera does not need (docs/security.md): `wanted` is on, off, or auto, which takes what
/// the host offers. Files are written in these folders alone; packet sockets are for `--own-address`. One
/// line of the log tells what is in force. To be called before threads are started; throws
/// scenes::ConfigError where `on` cannot be had.
void enter_sandbox(const std::string& wanted, const std::vector<std::filesystem::path>& folders,
                   bool packet_sockets_too);

}  // namespace emulator
