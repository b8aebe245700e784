#pragma once

#include "emulator/testbench/scenario/scenario.h"

namespace emulator {

/// A scenario file; its profile is judged as one of --config. Throws scenes::ConfigError, also where it needs
/// a client and there is none.
[[nodiscard]] testbench::Scenario read_scenario_file(const std::filesystem::path&, bool has_client);
/// Of its content; `file` names it in errors, and its stem is the usual name.
[[nodiscard]] testbench::Scenario read_scenario(const nlohmann::json& content,
                                                const std::filesystem::path& file);
/// JSON Schema of scenarios, made by their reader.
[[nodiscard]] nlohmann::json scenario_schema();

}  // namespace emulator
