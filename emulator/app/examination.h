#pragma once

#include <functional>

#include "emulator/app/command_line.h"
#include "emulator/profile.h"
#include "emulator/testbench/scenario/report.h"

namespace emulator {

/// The profile of a camera that a scenario asks for, with what the command line says.
using ProfileOf = std::function<Profile(const CommandLine&, const testbench::Scenario*)>;

/// `gigemu test`: one scenario with its client, on a camera of its own. Returns the exit code: 0, 1 an
/// expectation failed, 3 the client failed, 124 out of time. Throws scenes::ConfigError for a bad file.
int run_test(const CommandLine&, const ProfileOf&);
/// `gigemu examine`: all scenarios of the examination, one after the other. 0 where none failed, else 1.
int examine(const CommandLine&, const ProfileOf&);

/// The graded report of an examination, in Markdown.
[[nodiscard]] std::string to_markdown(const std::vector<testbench::ScenarioReport>&);

}  // namespace emulator
