#pragma once

#include <vector>

#include "emulator/testbench/scenario/client_report.h"
#include "emulator/testbench/scenario/scenario.h"

namespace emulator::testbench {

/// What came of one step.
struct StepReport {
    std::size_t index = 0;  // in the scenario, from 0
    std::string name{}, what{};
    Verdict verdict = Verdict::passed;
    std::string seen{};  // in one sentence; empty where it was as wanted
    Time at{};           // camera time since the scenario's begin
};

/// What came of a scenario.
struct ScenarioReport {
    std::string scenario{}, what{}, clause{};
    bool ended = false;
    Verdict verdict = Verdict::passed;
    bool out_of_time = false;
    std::vector<StepReport> steps{};
    std::size_t steps_wanted = 0;
    std::optional<ClientEnd> client{};
    std::string client_failed{};  // in one sentence; empty where its end is as it should be
    Time took{};                  // camera time

    /// 0, 1 where an expectation failed or nothing was exercised, 3 where the client failed, 124 out of time.
    [[nodiscard]] int exit_code() const;
};

/// What a step does or expects, in words.
[[nodiscard]] std::string describe(const Step&);
[[nodiscard]] std::string describe(const Condition&);

[[nodiscard]] Json to_json(const ScenarioReport&);
/// A table of steps for a terminal.
[[nodiscard]] std::string to_text(const ScenarioReport&);
/// JUnit XML: a test suite for each scenario, with a test case for each step and one for the client.
[[nodiscard]] std::string to_junit(const std::vector<ScenarioReport>&);

}  // namespace emulator::testbench
