#include <malloc.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "emulator/app/check.h"
#include "emulator/app/command_line.h"
#include "emulator/app/doctor.h"
#include "emulator/app/examination.h"
#include "emulator/app/relay.h"
#include "emulator/app/replay.h"
#include "emulator/app/scenario_file.h"
#include "emulator/app/scenario_session.h"
#include "emulator/app/wiring.h"
#include "emulator/camera/camera.h"
#include "emulator/camera/null_transport.h"
#include "emulator/config.h"
#include "emulator/faults/order_text.h"
#include "emulator/features/describe.h"
#include "emulator/features/table.h"
#include "scenes/json/config_error.h"
#include "scenes/load/scene_file.h"
#include "scenes/world.h"

namespace emulator {
namespace {

using scenes::ConfigError;

/// The profile of the file, then that of the scenario, then what the command line says.
Profile make_profile(const CommandLine& line, const testbench::Scenario* scenario) {
    Profile profile;
    if (!line.config_file.empty()) apply_config(read_config(line.config_file), line.config_file, profile);
    if (scenario != nullptr) apply_config(scenario->camera, scenario->name, profile);
    nlohmann::json said = nlohmann::json::object();
    if (!line.serial.empty()) said["serial"] = line.serial;
    if (!line.user_name.empty()) said["user_name"] = line.user_name;
    if (!line.scene.empty()) said["scene"] = line.scene;
    if (line.frame_number) said["frame_number"] = true;
    if (line.seed) said["seed"] = *line.seed;
    for (const auto& text : line.features) {
        const auto equals = text.find('=');
        if (equals == std::string::npos) throw ConfigError("--set", text, "Feature=Value was expected");
        said["features"][text.substr(0, equals)] = text.substr(equals + 1);
    }
    for (const auto& text : line.faults) said["faults"].push_back(faults::order_of_text(text));
    apply_config(said, "command line", profile);
    return profile;
}

/// Answers options that only print (`--xml`, `--features`, `--version` ...). False if there is none.
bool answer(const CommandLine& line, const Profile& profile) {
    using Question = CommandLine::Question;
    if (line.question == Question::none) return false;
    sim::TimeControl time;
    NullTransport null_transport;
    const Camera camera(profile, {}, time, null_transport, null_transport);
    switch (line.question) {
        case Question::features_markdown:
            std::fputs(features::to_markdown(features::table(profile.node_types), camera).c_str(), stdout);
            break;
        case Question::features_json:
            std::fputs(features::to_json(features::table(profile.node_types), camera).c_str(), stdout);
            break;
        case Question::xml:
            std::fputs(camera.registers().xml().c_str(), stdout);
            break;
        case Question::list_scenes:
            for (const auto& name : scenes::names(scene_folders())) std::puts(name.c_str());
            break;
        case Question::scene_schema:
            std::puts(scenes::scene_schema().dump(2).c_str());
            break;
        case Question::profile_schema:
            std::puts(profile_schema().dump(2).c_str());
            break;
        case Question::scenario_schema:
            std::puts(scenario_schema().dump(2).c_str());
            break;
        case Question::print_config:
            std::puts(to_json(profile).dump(2).c_str());
            break;
        default:
            std::puts("gigemu " GIGEMU_VERSION);
            break;
    }
    return true;
}

/// On stderr: with colours on a terminal, with times in a file.
void start_log() {
    spdlog::set_default_logger(spdlog::stderr_color_mt("gigemu"));
    spdlog::set_pattern(isatty(STDERR_FILENO) == 1 ? "%^%l%$: %v" : "%Y-%m-%d %H:%M:%S.%e %l: %v");
}

int run(int count, const char* const* arguments) {
    const auto parsed = parse_command_line(count, arguments);
    if (const auto* code = std::get_if<int>(&parsed)) return *code;
    const auto& line = std::get<CommandLine>(parsed);
    start_log();
    using Question = CommandLine::Question;
    const bool tests = line.question == Question::test || line.question == Question::examine;
    const auto* usual_level = tests ? "warning" : "info";
    spdlog::set_level(spdlog::level::from_str(line.log_level.empty() ? usual_level : line.log_level));
    if (line.question == Question::check) return check_files(line.checked_files, scene_folders());
    if (line.question == Question::replay) return play_back(line.replayed_file, line.address);
    if (line.question == Question::doctor) return examine_place(line);
    if (line.question == Question::relay) return relay_camera(line);
    if (line.question == Question::test) return run_test(line, make_profile);
    if (line.question == Question::examine) return examine(line, make_profile);
    std::optional<testbench::Scenario> scenario;
    if (!line.scenario_file.empty()) scenario = read_scenario_file(line.scenario_file, false);
    const auto profile = make_profile(line, scenario ? &*scenario : nullptr);
    if (line.question == Question::readyz) return ask_readyz(line);
    if (answer(line, profile)) return 0;
    spdlog::info("gigemu " GIGEMU_VERSION ", scene {}", profile.scene);
    if (!scenario) return serve(line, profile, nullptr);
    ScenarioSession session({.scenario = std::move(*scenario)});
    return serve(line, profile, &session);
}

}  // namespace
}  // namespace emulator

int main(int count, char** arguments) {
    // With an arena for each thread, connections would keep what they have freed of pictures.
    constexpr int kArenas = 2;
    mallopt(M_ARENA_MAX, kArenas);
    try {
        return emulator::run(count, arguments);
    } catch (const scenes::ConfigError& error) {
        std::fprintf(stderr, "gigemu: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gigemu: %s\n", error.what());
        return 1;
    }
}
