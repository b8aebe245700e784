#include "emulator/app/check.h"

#include <algorithm>
#include <cstdio>

#include "emulator/app/scenario_file.h"
#include "emulator/camera/camera.h"
#include "emulator/camera/null_transport.h"
#include "emulator/config.h"
#include "scenes/load/scene_file.h"

namespace emulator {
namespace {

using nlohmann::json;

std::ptrdiff_t keys_of(const json& content, const json& schema) {
    return std::ranges::count_if(
        content.items(), [&](const auto& entry) { return schema["properties"].contains(entry.key()); });
}

std::string check_scene(const std::string& file) {
    const auto world = scenes::load(file, {}, {});
    return file + ": the scene \"" + world.title + "\", with " + std::to_string(world.lamps.size()) +
           " lamp(s) and " + std::to_string(world.items.size()) + " item(s)";
}

std::string check_profile(const json& content, const std::string& file, scenes::Folders folders) {
    Profile profile;
    apply_config(content, file, profile);
    (void)scenes::load(profile.scene, {}, folders);
    sim::TimeControl time;
    NullTransport null_transport;
    Camera camera(profile, {}, time, null_transport, null_transport);
    const auto sentences = camera.registers().set_by_name(profile.features);
    if (!sentences.empty()) throw scenes::ConfigError(file, "features", sentences.front());
    return file + ": the profile of camera " + profile.serial + ", before the scene " + profile.scene;
}

std::string check_scenario(const json& content, const std::string& file, scenes::Folders folders) {
    const auto scenario = read_scenario(content, file);
    (void)check_profile(scenario.camera, file, folders);
    return file + ": the scenario \"" + scenario.name + "\", with " + std::to_string(scenario.steps.size()) +
           " step(s)";
}

}  // namespace

std::string check_file(const std::filesystem::path& file, scenes::Folders folders) {
    const auto content = read_config(file);
    if (!content.is_object())
        throw scenes::ConfigError(file.string(), "",
                                  "a scene, a profile or a scenario is an object in braces.");
    if (content.contains("steps")) return check_scenario(content, file.string(), folders);
    static const json of_scenes = scenes::scene_schema(), of_profiles = profile_schema();
    const bool scene = keys_of(content, of_scenes) > keys_of(content, of_profiles);
    // A scene's name has neither a folder nor an extension; this is a file.
    return scene ? check_scene(std::filesystem::absolute(file).string())
                 : check_profile(content, file.string(), folders);
}

int check_files(std::span<const std::string> files, scenes::Folders folders) {
    int code = 0;
    for (const auto& file : files) {
        try {
            std::puts(check_file(file, folders).c_str());
        } catch (const scenes::ConfigError& error) {
            std::fprintf(stderr, "gigemu: %s\n", error.what());
            code = 2;
        }
    }
    return code;
}

}  // namespace emulator
