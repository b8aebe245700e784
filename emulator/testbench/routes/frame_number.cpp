#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

Json frame_number_to_json(const Bench& bench) { return {{"enabled", bench.camera().numbers_frames()}}; }

Answer get_frame_number(Call& call) { return {.body = call.on_camera(frame_number_to_json)}; }

Answer set_frame_number(Call& call) {
    return {.body = call.on_camera([&](Bench& bench) {
        bench.number_frames(call.body["enabled"].get<bool>());
        return frame_number_to_json(bench);
    })};
}

}  // namespace

std::span<const Route> frame_number() {
    static const Route rows[] = {
        {.method = "GET",
         .path = "/api/v1/camera/frame_number",
         .summary = "Whether block id and trigger number are drawn into images",
         .answer = R"({"$ref": "#/components/schemas/Switch"})",
         .act = get_frame_number},
        {.method = "PUT",
         .path = "/api/v1/camera/frame_number",
         .summary = "Draws block id and trigger number into images, from the next exposure on",
         .body = R"({"type": "object", "additionalProperties": false, "required": ["enabled"], "properties": {
             "enabled": {"type": "boolean"}}})",
         .answer = R"({"$ref": "#/components/schemas/Switch"})",
         .act = set_frame_number},
    };
    return rows;
}

}  // namespace emulator::testbench::routes
