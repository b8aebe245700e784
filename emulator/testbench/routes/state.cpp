#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

Answer list_cameras(Call& call) {
    return {.body = {{"cameras", {call.on_camera([](Bench& bench) { return identity_to_json(bench); })}}}};
}

Answer get_state(Call& call) {
    return {.body = call.on_camera([](Bench& bench) { return state_to_json(bench); })};
}

Answer get_leds(Call& call) {
    return {.body = call.on_camera([](Bench& bench) { return to_json(bench.leds()); })};
}

constexpr Route kStateRows[] = {
    {.method = "GET",
     .path = "/api/v1/cameras",
     .summary = "The cameras of this process; there is one",
     .answer =
         R"({"type": "object", "required": ["cameras"], "properties": {"cameras": {"type": "array", "items":
         {"type": "object", "required": ["serial", "model", "user_name", "version", "mac", "address"],
         "properties": {"serial": {"type": "string"}, "model": {"type": "string"},
         "user_name": {"type": "string"}, "version": {"type": "string"}, "mac": {"type": "string"},
         "address": {"type": "string"}}}}}})",
     .act = list_cameras},
    {.method = "GET",
     .path = "/api/v1/camera",
     .summary = "Identity, address, controlling application, stream, and counts since power-up",
     .answer = R"({"type": "object", "required": ["model", "serial", "user_name", "version", "mac", "address",
         "scene", "time_ns", "uptime_s", "controller", "stream", "counts"], "properties": {
         "model": {"type": "string"}, "serial": {"type": "string"}, "user_name": {"type": "string"},
         "version": {"type": "string"}, "mac": {"type": "string"}, "address": {"type": "string"},
         "scene": {"type": "string"}, "time_ns": {"$ref": "#/components/schemas/Ns"},
         "uptime_s": {"type": "number"}, "controller": {"type": ["string", "null"],
             "description": "address and port; null: nobody"},
         "stream": {"type": "object", "required": ["to", "active", "sending"], "properties": {
             "to": {"type": ["string", "null"], "description": "address and port of the open channel"},
             "active": {"type": "boolean", "description": "acquisition runs into an open channel"},
             "sending": {"type": "boolean", "description":
                 "packets can reach the client, and a frame is under way or comes by itself"}}},
         "counts": {"type": "object", "required": ["triggers_accepted", "triggers_missed", "frames_exposed",
             "frames_submitted", "frames_dropped", "frames_dropped_by"], "properties": {
             "triggers_accepted": {"type": "integer"}, "triggers_missed": {"type": "integer"},
             "frames_exposed": {"type": "integer"}, "frames_submitted": {"type": "integer"},
             "frames_dropped": {"type": "integer"},
             "frames_dropped_by": {"type": "object", "additionalProperties": {"type": "integer"}}}}}})",
     .act = get_state},
    {.method = "GET",
     .path = "/api/v1/camera/leds",
     .summary = "The status LEDs",
     .answer = R"({"type": "object", "required": ["rj45_green", "rj45_orange", "status"], "properties": {
         "rj45_green": {"type": "boolean"}, "rj45_orange": {"type": "boolean"},
         "status": {"type": "object", "required": ["colour", "blinking", "flashes", "lit"], "properties": {
             "colour": {"type": "string", "enum": ["blue", "green", "yellow", "red"]},
             "blinking": {"type": "boolean"}, "flashes": {"type": "integer"}, "lit": {"type": "boolean"}}}}})",
     .act = get_leds},
};

}  // namespace

std::span<const Route> state() { return kStateRows; }

}  // namespace emulator::testbench::routes
