#pragma once

#include <string>

namespace emulator {

/// `gigemu replay FILE --address IP`: plays the commands of a recording back to a running camera, and prints
/// a line about each answer that differs. Returns 0 if none does, else 1. Throws scenes::ConfigError for what
/// is no recording or no address.
[[nodiscard]] int play_back(const std::string& file, const std::string& address);

}  // namespace emulator
