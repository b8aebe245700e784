#include "emulator/acquisition/trigger.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/begin.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;

/// A host can play edges in real time at this rate.
constexpr Time kMeanEdgeTime = std::chrono::microseconds(10);

void add_bounces(const json& bounce, acquisition::PulseTrain& train) {
    train.bounces = bounce["times"].get<int>();
    train.bounce = time_of(bounce["us"]);
    if (train.bounces > 0 && train.bounce < Time(2 * train.bounces))
        throw Problem(kBadRequest, "bounce.us", "too short for this number of bounces.");
}

acquisition::PulseTrain train_of(const json& body) {
    acquisition::PulseTrain train{.period = time_of(body["period_us"]), .width = time_of(body["width_us"])};
    train.count = body.value("count", std::uint64_t{0});
    train.high = body.value("high", true);
    if (body.contains("jitter_us")) train.jitter = time_of(body["jitter_us"]);
    train.seed = body.value("seed", std::uint64_t{1});
    if (body.contains("bounce")) add_bounces(body["bounce"], train);

    const auto bounce = train.bounces > 0 ? train.bounce : Time::zero();
    if (train.width <= bounce)
        throw Problem(kBadRequest, "width_us", "a pulse must be longer than its bounces.");
    if (train.count == 1) return train;
    if (train.period <= train.jitter + train.width + bounce)
        throw Problem(kBadRequest, "period_us",
                      "a period must be longer than jitter, width and bounces together.");
    const auto edges = 2 + 4 * train.bounces;
    if (train.period < edges * kMeanEdgeTime)
        throw Problem(
            kBadRequest, "period_us",
            "a period must have at least 10 us for each of its " + std::to_string(edges) + " edges.");
    return train;
}

void need_room(const Bench& bench) {
    if (bench.trigger_in().full()) throw Problem(kConflict, "", "Too many scheduled edges.");
}

Answer get_lines(Call& call) {
    return {.body = call.on_camera([](Bench& bench) { return lines_to_json(bench); })};
}

Answer set_level(Call& call) {
    return {.body = call.on_camera([&](Bench& bench) -> Json {
        const auto at = begin_of(call.body, bench);
        need_room(bench);
        bench.trigger_in().set(call.body["high"].get<bool>(), at);
        return {{"begin_ns", bench.ticks(at)}};
    })};
}

Answer pulse(Call& call) {
    return {.body = call.on_camera([&](Bench& bench) -> Json {
        const auto width = time_of(call.body["width_us"]);
        const auto at = begin_of(call.body, bench);
        need_room(bench);
        bench.trigger_in().pulse(call.body.value("high", true), at, width);
        return {{"begin_ns", bench.ticks(at)}, {"end_ns", bench.ticks(at + width)}};
    })};
}

Answer train(Call& call) {
    const auto train = train_of(call.body);
    return {.body = call.on_camera([&](Bench& bench) -> Json {
        const auto at = begin_of(call.body, bench);
        if (!bench.trigger_in().play(train, at))
            throw Problem(kBadRequest, "body", "this is no valid pulse train.");
        return {{"begin_ns", bench.ticks(at)}};
    })};
}

Answer stop(Call& call) {
    return {.body = call.on_camera([](Bench& bench) -> Json {
        bench.trigger_in().stop();
        return {{"time_ns", bench.ticks(bench.now())}};
    })};
}

constexpr Route kLineRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/lines",
     .summary = "The levels of TRIGGER_IN and STROBE_OUT at this moment",
     .answer = R"({"type": "object", "required": ["time_ns", "trigger_in", "strobe_out"], "properties": {
         "time_ns": {"$ref": "#/components/schemas/Ns"},
         "trigger_in": {"type": "object", "required": ["high", "gpin", "edges_to_come"], "properties": {
             "high": {"type": "boolean", "description": "current through the opto-coupler"},
             "gpin": {"type": "integer", "description": "what a client reads"},
             "edges_to_come": {"type": "boolean"}}},
         "strobe_out": {"type": "object", "required": ["high", "transistor_on", "enabled", "pulse"],
             "properties": {"high": {"type": "boolean", "description": "logical level"},
             "transistor_on": {"type": "boolean", "description": "the pin is an open drain"},
             "enabled": {"type": "boolean"}, "pulse": {"type": "boolean"}}}}})",
     .act = get_lines},
    {.method = "PUT",
     .path = "/api/v1/camera/lines/trigger_in",
     .summary = "A level of TRIGGER_IN from then on",
     .body = R"({"type": "object", "additionalProperties": false, "required": ["high"], "properties": {
         "high": {"type": "boolean"}, "at_ns": {"$ref": "#/components/schemas/AtNs"},
         "after_us": {"$ref": "#/components/schemas/AfterUs"}}})",
     .answer = R"({"$ref": "#/components/schemas/Begun"})",
     .act = set_level},
    {.method = "POST",
     .path = "/api/v1/camera/lines/trigger_in/pulse",
     .summary = "One pulse on TRIGGER_IN",
     .body = R"({"type": "object", "additionalProperties": false, "required": ["width_us"], "properties": {
         "width_us": {"$ref": "#/components/schemas/PulseUs"},
         "high": {"type": "boolean", "default": true, "description":
             "level of the pulse; after it comes the other"},
         "at_ns": {"$ref": "#/components/schemas/AtNs"},
         "after_us": {"$ref": "#/components/schemas/AfterUs"}}})",
     .answer = R"({"$ref": "#/components/schemas/Begun"})",
     .act = pulse},
    {.method = "POST",
     .path = "/api/v1/camera/lines/trigger_in/train",
     .summary = "Periodic pulses on TRIGGER_IN, in place of a train that runs",
     .body = R"({"type": "object", "additionalProperties": false, "required": ["period_us", "width_us"],
         "properties": {"period_us": {"$ref": "#/components/schemas/PulseUs"},
         "width_us": {"$ref": "#/components/schemas/PulseUs"},
         "count": {"type": "integer", "minimum": 0, "maximum": 2147483647, "default": 0,
             "description": "0: until it is stopped"},
         "high": {"type": "boolean", "default": true},
         "jitter_us": {"type": "number", "minimum": 0, "maximum": 86400000000, "default": 0},
         "bounce": {"type": "object", "additionalProperties": false, "required": ["times", "us"], "properties": {
             "times": {"type": "integer", "minimum": 0, "maximum": 1000},
             "us": {"type": "number", "minimum": 0, "maximum": 86400000000}}},
         "seed": {"type": "integer", "minimum": 0, "maximum": 2147483647, "default": 1},
         "at_ns": {"$ref": "#/components/schemas/AtNs"},
         "after_us": {"$ref": "#/components/schemas/AfterUs"}}})",
     .answer = R"({"$ref": "#/components/schemas/Begun"})",
     .act = train},
    {.method = "DELETE",
     .path = "/api/v1/camera/lines/trigger_in/train",
     .summary = "Discards all edges to come; the level stays",
     .answer = R"({"type": "object", "required": ["time_ns"], "properties": {
         "time_ns": {"$ref": "#/components/schemas/Ns"}}})",
     .act = stop},
};

}  // namespace

std::span<const Route> lines() { return kLineRows; }

}  // namespace emulator::testbench::routes
