#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace emulator {

/// Command line options. An empty text is an option that is not given.
struct CommandLine {
    /// Settings at power-up, before those that are set by name.
    enum class Start { lens_of_scene, scene_settings, factory };
    enum class Question {
        none,
        features_markdown,
        features_json,
        xml,
        list_scenes,
        print_config,
        scene_schema,
        profile_schema,
        scenario_schema,
        check,
        replay,
        test,
        examine,
        version,
        readyz,
        doctor,
        relay
    };

    std::string config_file, interface_name, address, serial, user_name, scene;
    std::string http = "auto", http_token_file, log_level, sandbox = "auto";
    bool fixed_address = false, single_port = false, own_address = false, frame_number = false,
         http_read_only = false;
    std::optional<std::int64_t> seed;
    std::vector<std::string> http_hosts;       // Host headers that the HTTP interface accepts
    std::vector<std::string> features;         // Name=Value
    std::vector<std::string> faults;           // JSON, or kind:key=value,key=value
    std::vector<std::string> scene_overrides;  // dotted.key=value
    std::optional<std::filesystem::path> state_dir, picture_socket, record_dir;
    std::string record;                      // control or all: packets to record from the start on
    std::string replayed_file;               // of `gigemu replay FILE`
    std::string relayed_camera, reached_at;  // of `gigemu relay CAMERA`
    std::vector<std::string> checked_files;  // of `gigemu check FILE...`
    // Of `gigemu test SCENARIO` and `gigemu examine`; --scenario alone.
    std::string scenario_file;
    std::vector<std::string> client_command, only;
    std::filesystem::path evidence, junit, json_report, markdown_report;
    double timeout_s = 600;  // of one scenario, in host time
    Start start = Start::lens_of_scene;
    Question question = Question::none;
};

/// The parsed arguments, or the code that the program ends with: 0 after help, 2 after a mistake.
[[nodiscard]] std::variant<CommandLine, int> parse_command_line(int count, const char* const* arguments);

}  // namespace emulator
