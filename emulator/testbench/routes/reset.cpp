#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

// The reset is posted behind the first visit; the second one is to the new camera.
Answer reset(Call& call) {
    std::optional<std::int64_t> seed;
    if (call.query.contains("seed")) seed = call.query["seed"].get<std::int64_t>();
    call.on_camera([&](Bench& bench) { bench.reset(seed); });
    return {.body = call.on_camera([](Bench& bench) -> Json {
        return {{"time_ns", bench.ticks(bench.now())}, {"seed", bench.camera().profile.seed}};
    })};
}

}  // namespace

std::span<const Route> reset() {
    static const Route rows[] = {
        {.method = "POST",
         .path = "/api/v1/reset",
         .summary = "The start state again: camera, world, lines, clock, logs and random numbers",
         .query = R"({"type": "object", "additionalProperties": false, "properties": {
             "seed": {"type": "integer", "minimum": 0, "maximum": 9007199254740991,
                 "description": "in place of the profile's"}}})",
         .answer = R"({"type": "object", "required": ["time_ns", "seed"], "properties": {
             "time_ns": {"$ref": "#/components/schemas/Ns"}, "seed": {"type": "integer"}}})",
         .at_once = false,
         .act = reset},
    };
    return rows;
}

}  // namespace emulator::testbench::routes
