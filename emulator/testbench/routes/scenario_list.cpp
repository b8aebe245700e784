#include <algorithm>

#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/scenario/examination_list.h"
#include "emulator/testbench/scenario/scenario.h"

namespace emulator::testbench::routes {
namespace {

Answer list_scenarios(Call&) {
    auto list = Json::array();
    for (const auto& [name, content] : examination_list()) {
        const auto scenario = read_scenario(scenes::Node(content, name), name, [](const scenes::Node&) {});
        list.push_back({{"name", name},
                        {"what", scenario.what},
                        {"clause", scenario.clause},
                        {"needs_client", scenario.needs_client()}});
    }
    return {.body = {{"scenarios", std::move(list)}}};
}

Answer get_scenario(Call& call) {
    const auto scenarios = examination_list();
    const auto& name = call.path["name"];
    const auto found = std::ranges::find(scenarios, name, &ExaminationScenario::name);
    if (found == scenarios.end()) throw Problem(kNotFound, "name", "there is no scenario \"" + name + "\".");
    return {.body = Json(found->content)};
}

constexpr Route kScenarioRows[] = {
    {.method = "GET",
     .path = "/api/v1/scenarios",
     .summary = "The scenarios of the examination (docs/examination.md)",
     .answer = R"({"type": "object", "required": ["scenarios"], "properties": {"scenarios": {"type": "array",
         "items": {"type": "object", "required": ["name", "what", "clause", "needs_client"], "properties": {
         "name": {"type": "string"}, "what": {"type": "string"}, "clause": {"type": "string"},
         "needs_client": {"type": "boolean",
             "description": "it asks what a client made of frames, so gigemu test runs it, with that client"}}}}}})",
     .at_once = false,
     .act = list_scenarios},
    {.method = "GET",
     .path = "/api/v1/scenarios/{name}",
     .summary = "The JSON of a scenario",
     .answer = R"({"type": "object"})",
     .at_once = false,
     .act = get_scenario},
};

}  // namespace

std::span<const Route> scenario_list() { return kScenarioRows; }

}  // namespace emulator::testbench::routes
