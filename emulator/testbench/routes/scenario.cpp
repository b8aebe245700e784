#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/scenario/run.h"

namespace emulator::testbench::routes {
namespace {

Answer start(Call& call) {
    const auto refuse = [](const scenes::Node& camera) {
        camera.wrong("", "a camera that runs keeps its profile; --scenario and gigemu test start one.");
    };
    auto scenario = read_scenario(scenes::Node(call.body, "body"), "scenario", refuse);
    return {.body = call.on_camera([&](Bench& bench) {
        if (bench.scenario() != nullptr && !bench.scenario()->report().ended)
            throw Problem(kConflict, "", "A scenario runs already.");
        bench.run(std::make_unique<ScenarioRun>(bench, std::move(scenario), ScenarioRun::Client(),
                                                [](const ScenarioReport&) {}));
        return to_json(bench.scenario()->report());
    })};
}

Answer get(Call& call) {
    return {.body = call.on_camera([](Bench& bench) {
        return to_json(bench.scenario() == nullptr ? ScenarioReport{.ended = true}
                                                   : bench.scenario()->report());
    })};
}

Answer end(Call& call) {
    return {.body = call.on_camera([](Bench& bench) {
        if (bench.scenario() == nullptr) throw Problem(kNotFound, "", "No scenario has run.");
        bench.scenario()->abandon("it was ended over HTTP");
        return to_json(bench.scenario()->report());
    })};
}

constexpr std::string_view kReport = R"({"type": "object",
    "required": ["scenario", "running", "verdict", "took_s", "steps_wanted", "steps"],
    "properties": {"scenario": {"type": "string"}, "what": {"type": "string"}, "clause": {"type": "string"},
    "running": {"type": "boolean"}, "verdict": {"enum": ["passed", "tolerated", "not_exercised", "failed"]},
    "out_of_time": {"type": "boolean"}, "took_s": {"type": "number"}, "steps_wanted": {"type": "integer"},
    "steps": {"type": "array", "items": {"type": "object", "required": ["step", "what", "at_s", "verdict"],
        "properties": {"step": {"type": "integer"}, "name": {"type": "string"}, "what": {"type": "string"},
        "at_s": {"type": "number"}, "verdict": {"type": "string"}, "seen": {"type": "string"}}}},
    "client": {"type": ["object", "null"]}, "client_failed": {"type": "string"}}})";

}  // namespace

std::span<const Route> scenario() {
    static const Route rows[] = {
        {.method = "GET",
         .path = "/api/v1/camera/scenario",
         .summary = "What has come of the scenario that runs, or ran last; without any its name is empty",
         .answer = kReport,
         .act = get},
        {.method = "POST",
         .path = "/api/v1/camera/scenario",
         .summary = "Starts a scenario (docs/scenarios.md) that needs no client process",
         .body = R"({"type": "object", "required": ["steps"], "properties": {
             "name": {"type": "string"}, "what": {"type": "string"}, "clause": {"type": "string"},
             "limit_s": {"type": "number", "default": 60, "description": "in camera time"},
             "camera": {"type": "object", "description": "refused: the camera keeps its profile"},
             "client": {"type": "object"},
             "steps": {"type": "array", "items": {"type": "object"}, "description": "gigemu --schema scenario"}}})",
         .answer = kReport,
         .at_once = false,
         .act = start},
        {.method = "DELETE",
         .path = "/api/v1/camera/scenario",
         .summary = "Ends it: the step under way fails",
         .answer = kReport,
         .at_once = false,
         .act = end},
    };
    return rows;
}

}  // namespace emulator::testbench::routes
