#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"
#include "emulator/testbench/vcd.h"

namespace emulator::testbench::routes {
namespace {

constexpr std::size_t kSignalsUsual = 1000;

Answer get_signals(Call& call) {
    const auto since = call.query.value("since", std::uint64_t{0});
    const auto limit = call.query.value("limit", kSignalsUsual);
    const auto excerpt = call.on_camera([&](Bench& bench) { return bench.signals().since(since, limit); });
    return {.body = to_json(excerpt)};
}

Answer get_vcd(Call& call) {
    const auto since = call.query.value("since", std::uint64_t{0});
    const auto [recording, end] = call.on_camera([&](Bench& bench) {
        return std::pair(bench.signals().record_since(since), bench.ticks(bench.now()));
    });
    return {.body = {}, .type = "text/plain", .bytes = vcd(recording, end)};
}

constexpr Route kSignalRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/signals",
     .summary = "What happened at the lines, in the sensor and in the lens, in order",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "since": {"type": "integer", "minimum": 0, "default": 0, "description": "the first number wanted"},
         "limit": {"type": "integer", "minimum": 0, "maximum": 5000, "default": 1000}}})",
     .answer = R"({"type": "object", "required": ["signals", "next", "lost"], "properties": {
         "signals": {"type": "array", "items": {"$ref": "#/components/schemas/Signal"}},
         "next": {"type": "integer", "description": "the number to read on with"},
         "lost": {"type": "integer", "description": "how many of those wanted are overwritten"}}})",
     .act = get_signals},
    {.method = "GET",
     .path = "/api/v1/camera/signals.vcd",
     .summary = "The same as a value change dump (IEEE 1364), for GTKWave and other waveform viewers",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "since": {"type": "integer", "minimum": 0, "default": 0, "description": "the first number wanted"}}})",
     .serves = "text/plain",
     .act = get_vcd},
};

}  // namespace

std::span<const Route> signals() { return kSignalRows; }

}  // namespace emulator::testbench::routes
