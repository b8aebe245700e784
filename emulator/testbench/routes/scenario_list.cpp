#include <algorithm>

#include "emulator/config.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/scenario/examination_files.h"
#include "emulator/testbench/scenario/scenario.h"

namespace emulator::testbench::routes {
namespace {

Answer list_scenarios(Call&) {
    auto list = Json::array();
    for (const auto& file : examination_files()) {
        const auto scenario = read_scenario(scenes::Node(read_config(file), file.string()),
                                            file.stem().string(), [](const scenes::Node&) {});
        list.push_back({{"name", file.stem().string()},
                        {"what", scenario.what},
                        {"clause", scenario.clause},
                        {"needs_client", scenario.needs_client()}});
    }
    return {.body = {{"scenarios", std::move(list)}}};
}

Answer get_scenario(Call& call) {
    const auto files = examination_files();
    const auto& name = call.path["name"];
    const auto file = std::ranges::find(files, name, [](const auto& one) { return one.stem().string(); });
    if (file == files.end()) throw Problem(kNotFound, "name", "there is no scenario \"" + name + "\".");
    return {.body = Json(read_config(*file))};
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
