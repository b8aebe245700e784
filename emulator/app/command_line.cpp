#include "emulator/app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <span>

namespace emulator {
namespace {

/// Heading of the options that print something and end; they are no environment variables.
constexpr const char* kPrints = "Print and end";
/// Between the values that one variable has for an option that may be given several times.
constexpr char kBetweenValues = ';';

/// --set-scene is GIGEMU_SET_SCENE.
std::string environment_name(const CLI::Option& option) {
    auto name = "GIGEMU_" + option.get_lnames().front();
    std::ranges::replace(name, '-', '_');
    std::ranges::transform(name, name.begin(), [](unsigned char letter) { return std::toupper(letter); });
    return name;
}

// The command line outranks the environment, also where one option excludes another.
void read_environment(CLI::App& app, std::span<const char* const> arguments) {
    const auto given = [&](const CLI::Option* option) {
        const auto name = option->get_name();
        return std::ranges::any_of(arguments, [&](const std::string& argument) {
            return argument == name || argument.starts_with(name + '=');
        });
    };
    for (auto* option : app.get_options()) {
        if (option == app.get_help_ptr() || option->get_group() == kPrints) continue;
        if (!std::ranges::any_of(option->get_excludes(), given)) option->envname(environment_name(*option));
        if (option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll && !given(option))
            option->delimiter(kBetweenValues);
    }
}

using Question = CommandLine::Question;

/// An option that may be given several times, with one value each time.
template <typename Value>
void add_repeated(CLI::App& app, const char* name, Value& values, const char* help) {
    app.add_option(name, values, help)->take_all()->allow_extra_args(false);
}

void add_http(CLI::App& app, CommandLine& line) {
    app.add_option("--http", line.http, "HTTP interface: ADDRESS:PORT, off, or auto (port 8080 of loopback)");
    add_repeated(app, "--http-host", line.http_hosts, "Another host name that the HTTP interface accepts");
    app.add_option("--http-token-file", line.http_token_file,
                   "File whose first line is the token that HTTP clients must send");
    app.add_flag("--http-read-only", line.http_read_only, "The HTTP interface answers and changes nothing");
}

void add_reports(CLI::App& command, CommandLine& line) {
    command.add_option("--evidence", line.evidence,
                       "Folder for journal, frames and packets of what does not pass");
    command
        .add_option("--timeout", line.timeout_s,
                    "Host time that a scenario may take, in s, whatever its clock does (600)")
        ->check(CLI::Range(0.1, 86'400.0));
    command.add_option("--junit", line.junit, "File for the report as JUnit XML");
    command.add_option("--json", line.json_report, "File for the report as JSON");
    command.add_option("command", line.client_command, "The client and its arguments, after --");
    command.fallthrough();
}

void add_tests(CLI::App& app, CommandLine& line) {
    auto* test = app.add_subcommand("test", "Run a scenario with a client: exit code 0, 1, 2, 3 or 124");
    test->add_option("scenario", line.scenario_file, "The scenario file")->required();
    add_reports(*test, line);
    test->callback([&line] { line.question = Question::test; });
    auto* examine = app.add_subcommand("examine", "Examine a client by all scenarios of the examination");
    add_repeated(*examine, "--only", line.only, "This scenario alone; may be given several times");
    examine->add_option("--markdown", line.markdown_report, "File for the report as Markdown");
    add_reports(*examine, line);
    examine->callback([&line] { line.question = Question::examine; });
}

/// Options that print and end.
void add_questions(CLI::App& app, CommandLine& line) {
    app.add_option_function<std::string>(
           "--features",
           [&line](const std::string& form) {
               line.question = form == "md" ? Question::features_markdown : Question::features_json;
           },
           "Print all features, as md or json")
        ->check(CLI::IsMember({"md", "json"}))
        ->group(kPrints);
    app.add_option_function<std::string>(
           "--schema",
           [&line](const std::string& of) {
               line.question = of == "scene"     ? Question::scene_schema
                               : of == "profile" ? Question::profile_schema
                                                 : Question::scenario_schema;
           },
           "Print the JSON Schema of scene, profile or scenario files")
        ->check(CLI::IsMember({"scene", "profile", "scenario"}))
        ->group(kPrints);
    auto* check = app.add_subcommand("check", "Judge a scene, profile or scenario file without running it");
    check->add_option("file", line.checked_file, "The file")->required();
    check->callback([&line] { line.question = Question::check; });
    auto* replay = app.add_subcommand("replay", "Play a recording back to the camera at --address");
    replay->add_option("file", line.replayed_file, "The recording, pcapng")->required();
    replay->fallthrough()->callback([&line] { line.question = Question::replay; });
    add_tests(app, line);
    app.add_subcommand("readyz", "Ask the camera at --http whether it is ready: exit code 0, or 1")
        ->fallthrough()
        ->callback([&line] { line.question = Question::readyz; });
    const auto ask = [&](const char* name, Question question, const char* help) {
        app.add_flag_callback(
               name, [&line, question] { line.question = question; }, help)
            ->group(kPrints);
    };
    ask("--xml", Question::xml, "Print the GenICam description file");
    ask("--list-scenes", Question::list_scenes, "Print the names of the scenes");
    ask("--print-config", Question::print_config, "Print the profile that would be used");
    ask("--version", Question::version, "Print the version");
}

}  // namespace

std::variant<CommandLine, int> parse_command_line(int count, const char* const* arguments) {
    CommandLine line;
    CLI::App app{"gigemu: a DFK 39GX265-Z20 GigE Vision zoom camera, in software", "gigemu"};
    app.footer(
        "Each option is also the environment variable named beside it; the command line outranks it. A "
        "switch "
        "is on with 1 or true, and values of an option that may be given several times are separated by ;.");
    app.option_defaults()->take_last();  // The last of repeated options counts.
    app.add_option("--config", line.config_file, "Camera profile, JSON (configs/README.md)");
    auto* interface = app.add_option("--interface", line.interface_name, "Network interface to serve on");
    app.add_option("--address", line.address, "Own IPv4 address to serve on, before the persistent one")
        ->excludes(interface);
    app.add_flag("--fixed-address", line.fixed_address, "Refuse all changes of the address");
    app.add_option("--serial", line.serial, "Serial number, eight digits");
    app.add_option("--user-name", line.user_name, "User-defined name, at most 15 bytes");
    app.add_option("--scene", line.scene, "Scene in front of the camera: its name, or its file");
    add_repeated(app, "--set-scene", line.scene_overrides,
                 "A scene's key and value: light.illuminance_lx=500");
    auto* scene_settings = app.add_flag_callback(
        "--scene-settings", [&line] { line.start = CommandLine::Start::scene_settings; },
        "Power up with exposure and gain as the scene suggests, not with its lens settings alone");
    app.add_flag_callback(
           "--factory", [&line] { line.start = CommandLine::Start::factory; },
           "Power up as after DeviceFactoryReset: user sets are erased, the scene's settings ignored")
        ->excludes(scene_settings);
    app.add_option("--seed", line.seed, "Seed of all that is random");
    add_repeated(app, "--set", line.features, "A feature's value at power-up: ExposureTime=10000");
    add_repeated(app, "--fault", line.faults,
                 "A fault from power-up on: packet_loss:rate=0.01 (docs/faults.md)");
    app.add_option("--scenario", line.scenario_file,
                   "A scenario that runs once the camera is ready (docs/scenarios.md)");
    app.add_flag("--frame-number", line.frame_number, "Draw block id and trigger number into each image");
    add_http(app, line);
    app.add_option("--state-dir", line.state_dir, "Where the camera's non-volatile memory is kept");
    auto* folder = app.add_option("--record-dir", line.record_dir,
                                  "Folder of recordings of packets and frames, which HTTP starts")
                       ->check(CLI::ExistingDirectory);
    app.add_option("--record", line.record,
                   "Record packets from the start on: control, or all with the stream")
        ->check(CLI::IsMember({"control", "all"}))
        ->needs(folder);
    app.add_option("--picture-socket", line.picture_socket,
                   "Path of a local socket that takes pictures for items (docs/picture_socket.md)");
    app.add_option("--sandbox", line.sandbox,
                   "Give up rights that the camera does not need: on, off, or auto, where it works (auto)")
        ->check(CLI::IsMember({"on", "off", "auto"}));
    app.add_option("--log-level", line.log_level, "trace, debug, info, warning, error or off (info)")
        ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "off"}));
    add_questions(app, line);
    read_environment(app, {arguments, static_cast<std::size_t>(count)});
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return line;
}

}  // namespace emulator
