#include "emulator/app/command_line.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

// Options come from the command line, or from variables of the environment, which it outranks.

using emulator::CommandLine;

namespace {

using Variables = std::map<std::string, std::string>;

/// What is parsed while these variables are set.
std::variant<CommandLine, int> parsed(const Variables& variables, std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "gigemu");
    for (const auto& variable : variables) setenv(variable.first.c_str(), variable.second.c_str(), 1);
    auto line = emulator::parse_command_line(static_cast<int>(arguments.size()), arguments.data());
    for (const auto& variable : variables) unsetenv(variable.first.c_str());
    return line;
}

CommandLine line_of(const Variables& variables, std::vector<const char*> arguments = {}) {
    const auto line = parsed(variables, std::move(arguments));
    REQUIRE(std::holds_alternative<CommandLine>(line));
    return std::get<CommandLine>(line);
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("environment: every kind of option is read from its variable") {
    const auto line = line_of({{"GIGEMU_SCENE", "conveyor"},
                               {"GIGEMU_SET_SCENE", "light.illuminance_lx=500;name=other one"},
                               {"GIGEMU_HTTP", "off"},
                               {"GIGEMU_SEED", "42"},
                               {"GIGEMU_FIXED_ADDRESS", "1"},
                               {"GIGEMU_FACTORY", "true"},
                               {"GIGEMU_STATE_DIR", "/var/lib/camera"}});
    CHECK(line.scene == "conveyor");
    CHECK(line.scene_overrides == Texts{"light.illuminance_lx=500", "name=other one"});
    CHECK(line.http == "off");
    CHECK(line.seed == 42);
    CHECK(line.fixed_address);
    CHECK(line.start == CommandLine::Start::factory);
    CHECK(line.state_dir == "/var/lib/camera");
}

TEST_CASE("environment: a switch of 0 and an empty variable are not given") {
    const auto line =
        line_of({{"GIGEMU_FIXED_ADDRESS", "0"}, {"GIGEMU_FACTORY", "false"}, {"GIGEMU_SCENE", ""}});
    CHECK_FALSE(line.fixed_address);
    CHECK(line.start == CommandLine::Start::lens_of_scene);
    CHECK(line.scene.empty());
}

TEST_CASE("environment: the command line outranks it, all values of an option together") {
    const auto line = line_of({{"GIGEMU_SCENE", "conveyor"}, {"GIGEMU_SET", "Hue=1;Saturation=80"}},
                              {"--scene", "flat_field", "--set", "Hue=2;3"});
    CHECK(line.scene == "flat_field");
    CHECK(line.features == Texts{"Hue=2;3"});
}

TEST_CASE("environment: an option of the command line outranks the variable of one that it excludes") {
    CHECK(line_of({{"GIGEMU_INTERFACE", "eth0"}}, {"--address", "10.0.0.1"}).interface_name.empty());
    CHECK(line_of({{"GIGEMU_ADDRESS", "10.0.0.1"}}, {"--interface=eth0"}).address.empty());
    CHECK(line_of({{"GIGEMU_FACTORY", "1"}}, {"--scene-settings"}).start ==
          CommandLine::Start::scene_settings);
    const auto both = parsed({{"GIGEMU_INTERFACE", "eth0"}, {"GIGEMU_ADDRESS", "10.0.0.1"}}, {});
    CHECK(std::get<int>(both) == 2);
}

TEST_CASE("environment: what no option has, and what only prints, is ignored") {
    const auto line = line_of({{"GIGEMU", "/bin/gigemu"},
                               {"GIGEMU_CONFIG_DIR", "/x"},
                               {"GIGEMU_VERSION", "1.0"},
                               {"GIGEMU_HELP", "1"},
                               {"GIGEMU_XML", "1"}});
    CHECK(line.question == CommandLine::Question::none);
    CHECK(line.config_file.empty());
}

TEST_CASE("environment: a value that does not fit ends the program") {
    CHECK(std::get<int>(parsed({{"GIGEMU_SEED", "many"}}, {})) == 2);
    CHECK(std::get<int>(parsed({{"GIGEMU_LOG_LEVEL", "loud"}}, {})) == 2);
    CHECK(std::get<int>(parsed({{"GIGEMU_FIXED_ADDRESS", "perhaps"}}, {})) == 2);
}
