#include "emulator/acquisition/trigger.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using sim::TimeControl;
using sim::TimeScale;

Json clock_to_json(const Bench& bench) {
    const auto& time = bench.time();
    const auto ns_or_null = [&](std::optional<Time> at) { return at ? Json(bench.ticks(*at)) : Json(); };
    const auto rate = time.rate();
    return {{"time_ns", bench.ticks(bench.now())},
            {"mode", rate          ? "rate"
                     : time.fast() ? "fast"
                                   : "step"},
            {"rate", rate ? Json(static_cast<double>(*rate) / TimeScale::kReal) : Json()},
            {"step_end_ns", ns_or_null(time.step_end())},
            {"next_event_ns", ns_or_null(time.camera().next())},
            {"waits", time.waits()}};
}

/// In millionths.
std::int64_t rate_of(double rate) {
    const auto millionths = std::llround(rate * TimeScale::kReal);
    if (rate != 0 && millionths < TimeControl::kLeastRate)
        throw Problem(kBadRequest, "rate", "0, a number from 0.001 to 1000, or \"fast\" was expected.");
    return millionths;
}

void set_mode(const nlohmann::json& body, Bench& bench) {
    auto& time = bench.time();
    if (body.contains("step_us"))
        return time.step_to(bench.now() + acquisition::time_from_us(body["step_us"].get<double>()));
    if (body.contains("step_to")) {
        const auto next = time.camera().next();
        if (!next) throw Problem(kConflict, "step_to", "no event is scheduled.");
        return time.step_to(*next);
    }
    if (body["rate"].is_string()) return time.set_fast();
    time.set_rate(rate_of(body["rate"].get<double>()));
}

Answer get_clock(Call& call) { return {.body = call.on_camera(clock_to_json)}; }

// What follows at once from the new mode has happened before the second visit.
Answer set_clock(Call& call) {
    call.on_camera([&](Bench& bench) { set_mode(call.body, bench); });
    return get_clock(call);
}

}  // namespace

std::span<const Route> clock() {
    static const Route rows[] = {
        {.method = "GET",
         .path = "/api/v1/clock",
         .summary = "Camera time: how it runs, and its next event",
         .answer = R"({"$ref": "#/components/schemas/Clock"})",
         .act = get_clock},
        {.method = "POST",
         .path = "/api/v1/clock",
         .summary = "Camera time pauses, steps, or runs at another rate",
         .body = R"({"type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
             "properties": {
             "rate": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1000}, {"enum": ["fast"]}],
                 "description": "0 pauses; 0.001 to 1000; fast: from event to event as soon as frames are sent"},
             "step_us": {"type": "number", "minimum": 0.001, "maximum": 86400000000,
                 "description": "so far at once, and pause there"},
             "step_to": {"enum": ["next_event"], "description": "to the next event, and pause there"}}})",
         .answer = R"({"$ref": "#/components/schemas/Clock"})",
         .act = set_clock},
    };
    return rows;
}

}  // namespace emulator::testbench::routes
