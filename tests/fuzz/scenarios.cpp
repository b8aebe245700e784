#include "emulator/app/scenario_file.h"
#include "emulator/testbench/http/problem.h"
#include "emulator/testbench/http/schema.h"
#include "scenes/json/config_error.h"
#include "tests/fuzz/nearly_fitting.h"

// Scenarios that nearly fit their schema: one is refused with a sentence, or fits the schema, and its steps
// can be told apart.

namespace {

using nlohmann::json;

bool fits(const json& content) {
    static const emulator::testbench::JsonSchema schema(emulator::scenario_schema().dump());
    try {
        schema.check(content, "scenario");
    } catch (const emulator::testbench::Problem&) {
        return false;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto schema = emulator::scenario_schema();
    fuzz::Source source(data, size);
    const auto content = fuzz::nearly_fitting_file(source, schema);
    try {
        const auto scenario = emulator::read_scenario(content, "fuzz.json");
        fuzz::must(fits(content), "what is accepted fits the schema");
        fuzz::must(!scenario.name.empty(), "a scenario has a name");
        for (const auto& step : scenario.steps)
            fuzz::must(!step.expect || step.expect->at_least <= step.expect->at_most,
                       "what a step expects can be met");
    } catch (const scenes::ConfigError& error) {
        fuzz::must(std::string_view(error.what()).starts_with("fuzz.json"), "a refusal names the file");
    }
    return 0;
}
