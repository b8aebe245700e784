#include "emulator/app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <span>

#include "emulator/app/help.h"

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
CLI::Option* add_repeated(CLI::App& app, const char* name, Value& values, const char* help) {
    return app.add_option(name, values, help)->take_all()->allow_extra_args(false);
}

void add_place(CLI::App& app, CommandLine& line) {
    app.option_defaults()->group("Where it serves");
    auto* interface =
        app.add_option("--interface", line.interface_name, "Network interface (the first that is up)")
            ->option_text("NAME");
    app.add_option("--address", line.address, "Own IPv4 address, before the persistent one")
        ->option_text("IP")
        ->excludes(interface);
    app.add_flag("--fixed-address", line.fixed_address, "Refuse all changes of the address");
    app.add_flag(
           "--own-address", line.own_address,
           "Have an address besides the host's: by DHCP, else link-local, as GevCurrentIPConfiguration says")
        ->excludes("--address");
    app.add_flag("--single-port", line.single_port,
                 "Send stream and events from port 3956, too: for a camera behind a published port");
    app.add_option("--http", line.http,
                   "Page and HTTP interface: ADDRESS:PORT, off, or auto, which is port 8080 of loopback")
        ->option_text("PLACE");
    add_repeated(app, "--http-host", line.http_hosts, "Another host name that the HTTP interface accepts")
        ->option_text("NAME");
    app.add_option("--http-token-file", line.http_token_file,
                   "File whose first line is the token that HTTP clients must send")
        ->option_text("FILE");
    app.add_flag("--http-read-only", line.http_read_only, "The HTTP interface answers and changes nothing");
    app.add_option("--picture-socket", line.picture_socket,
                   "Path of a local socket that takes pictures for items (docs/picture_socket.md)")
        ->option_text("PATH");
}

void add_camera(CLI::App& app, CommandLine& line) {
    app.option_defaults()->group("The camera");
    app.add_option("--serial", line.serial, "Serial number, eight digits")->option_text("N");
    app.add_option("--user-name", line.user_name, "DeviceUserID, at most 15 bytes")->option_text("TEXT");
    add_repeated(app, "--set", line.features, "A feature's value at power-up: ExposureTime=10000")
        ->option_text("NAME=VALUE");
    app.add_option("--state-dir", line.state_dir,
                   "Folder of its non-volatile memory: user sets, name, persistent address")
        ->option_text("FOLDER");
    app.add_flag_callback(
           "--factory", [&line] { line.start = CommandLine::Start::factory; },
           "Power up as after DeviceFactoryReset: user sets are erased, the scene's settings ignored")
        ->excludes(app.add_flag_callback(
            "--scene-settings", [&line] { line.start = CommandLine::Start::scene_settings; },
            "Power up with exposure and gain as the scene suggests, not with its lens settings alone"));
    add_repeated(app, "--fault", line.faults,
                 "A fault from power-up on: packet_loss:rate=0.01 (docs/faults.md)")
        ->option_text("FAULT");
    app.add_option("--config", line.config_file, "Profile: all of this in JSON (configs/README.md)")
        ->option_text("FILE");
}

void add_scene(CLI::App& app, CommandLine& line) {
    app.option_defaults()->group("What it sees");
    app.add_option("--scene", line.scene, "Scene: a name of --list-scenes, or a file")->option_text("SCENE");
    add_repeated(app, "--set-scene", line.scene_overrides,
                 "A scene's key and value: light.illuminance_lx=500")
        ->option_text("KEY=VALUE");
    app.add_option("--seed", line.seed, "Seed of all that is random: the same seed, the same frames")
        ->option_text("N");
    app.add_flag("--frame-number", line.frame_number, "Draw block id and trigger number into each image");
    app.add_option("--scenario", line.scenario_file,
                   "A scenario that runs once the camera is ready (docs/scenarios.md)")
        ->option_text("FILE");
}

void add_records(CLI::App& app, CommandLine& line) {
    app.option_defaults()->group("Records, rights and log");
    auto* folder = app.add_option("--record-dir", line.record_dir,
                                  "Folder of recordings of packets and frames, which HTTP starts")
                       ->option_text("FOLDER")
                       ->check(CLI::ExistingDirectory);
    app.add_option("--record", line.record,
                   "Record packets from the start on: control, or all with the stream")
        ->option_text("control|all")
        ->check(CLI::IsMember({"control", "all"}))
        ->needs(folder);
    app.add_option("--sandbox", line.sandbox,
                   "Give up rights that the camera does not need: on, off, or auto, where it works (auto)")
        ->option_text("on|off|auto")
        ->check(CLI::IsMember({"on", "off", "auto"}));
    app.add_option("--log-level", line.log_level, "trace, debug, info, warning, error or off (info)")
        ->option_text("LEVEL")
        ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "off"}));
}

void add_reports(CLI::App& command, CommandLine& line) {
    command.option_defaults()->group("Its report");
    command
        .add_option("--evidence", line.evidence,
                    "Folder for journal, frames and packets of what does not pass")
        ->option_text("FOLDER");
    command
        .add_option("--timeout", line.timeout_s,
                    "Host time that a scenario may take, in s, whatever its clock does (600)")
        ->option_text("S")
        ->check(CLI::Range(0.1, 86'400.0));
    command.add_option("--junit", line.junit, "File for the report as JUnit XML")->option_text("FILE");
    command.add_option("--json", line.json_report, "File for the report as JSON")->option_text("FILE");
    command.add_option("command", line.client_command, "The client and its arguments, after --");
    command.fallthrough();
}

void add_tests(CLI::App& app, CommandLine& line) {
    auto* test = app.add_subcommand("test", "Run a scenario with a client: exit code 0, 1, 2, 3 or 124");
    test->add_option("scenario", line.scenario_file, "The scenario file")->required();
    add_reports(*test, line);
    test->callback([&line] { line.question = Question::test; });
    auto* examine = app.add_subcommand("examine", "Examine a client by all scenarios of the examination");
    add_repeated(*examine, "--only", line.only, "This scenario alone; may be given several times")
        ->option_text("NAME");
    examine->add_option("--markdown", line.markdown_report, "File for the report as Markdown")
        ->option_text("FILE");
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
           "Print all features")
        ->option_text("md|json")
        ->check(CLI::IsMember({"md", "json"}))
        ->group(kPrints);
    app.add_option_function<std::string>(
           "--schema",
           [&line](const std::string& of) {
               line.question = of == "scene"     ? Question::scene_schema
                               : of == "profile" ? Question::profile_schema
                                                 : Question::scenario_schema;
           },
           "Print the JSON Schema of a kind of file")
        ->option_text("scene|profile|scenario")
        ->check(CLI::IsMember({"scene", "profile", "scenario"}))
        ->group(kPrints);
    auto* check = app.add_subcommand("check", "Judge scene, profile and scenario files without running them");
    check->add_option("file", line.checked_files, "The files")->required();
    check->callback([&line] { line.question = Question::check; });
    auto* replay = app.add_subcommand("replay", "Play a recording back to the camera at --address");
    replay->add_option("file", line.replayed_file, "The recording, pcapng")->required();
    replay->fallthrough()->callback([&line] { line.question = Question::replay; });
    add_tests(app, line);
    auto* relay = app.add_subcommand("relay", "Stand in for a camera behind a published port");
    relay->option_defaults()->group("Options");
    relay->add_option("camera", line.relayed_camera, "Its published address and port: 127.0.0.1:13956")
        ->required();
    relay
        ->add_option("--reached-at", line.reached_at,
                     "Address of this host that the camera streams to (as it sees it)")
        ->option_text("IP");
    relay->fallthrough()->callback([&line] { line.question = Question::relay; });
    app.add_subcommand("doctor", "Check this place: ports, rights, network; say what to do. Exit code 0 or 1")
        ->fallthrough()
        ->callback([&line] { line.question = Question::doctor; });
    app.add_subcommand("readyz", "Ask the camera at --http whether it is ready: exit code 0 or 1")
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
        "Each option is also an environment variable: --set-scene is GIGEMU_SET_SCENE. The command line "
        "outranks it. A switch is on with 1 or true; values of an option that may be given several times are "
        "separated by semicolons.");
    app.formatter(std::make_shared<Help>());
    app.option_defaults()->take_last();  // The last of repeated options counts.
    add_place(app, line);
    add_camera(app, line);
    add_scene(app, line);
    add_records(app, line);
    add_questions(app, line);
    app.set_help_flag("-h,--help", "This text; gigemu COMMAND --help is about a command")->group(kPrints);
    read_environment(app, {arguments, static_cast<std::size_t>(count)});
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        std::fprintf(stderr, "gigemu: %s (gigemu --help lists all options)\n", error.what());
        return 2;
    }
    return line;
}

}  // namespace emulator
