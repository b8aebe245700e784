#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "emulator/profile.h"
#include "scenes/json/json_reader.h"

namespace emulator {

/// A camera profile as a file has it: JSON, every key optional, every key explained in configs/README.md.
/// Throws scenes::ConfigError: one sentence with file, key and what was expected.
void apply_config(const nlohmann::json&, const std::string& file, Profile&);
void read_profile(const scenes::Node&, Profile&);
[[nodiscard]] nlohmann::json read_config(const std::filesystem::path& file);
[[nodiscard]] nlohmann::ordered_json to_json(const Profile&);
/// JSON Schema of profiles, made by their reader.
[[nodiscard]] nlohmann::json profile_schema();

}  // namespace emulator
