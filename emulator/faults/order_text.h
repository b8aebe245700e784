#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace emulator::faults {

/// A fault as the command line has it: a JSON object, or `kind:key=value,key=value` where a value is JSON or
/// a bare word. Throws ConfigError.
[[nodiscard]] nlohmann::json order_of_text(const std::string& text);

}  // namespace emulator::faults
