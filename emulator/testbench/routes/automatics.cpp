#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using auto_functions::FocusState, auto_functions::Statistics;

constexpr std::string_view kPhases[] = {"idle", "searching", "returning", "sweeping", "settling", "done"};

Json seen_to_json(const std::optional<Statistics>& seen) {
    if (!seen) return {};
    return {{"brightness", seen->brightness}, {"clipped", seen->clipped_share},
            {"mean_dn", seen->mean_dn},       {"unclipped", seen->unclipped_share},
            {"grey_dn", seen->grey_dn},       {"grey", seen->grey_share}};
}

Json focus_to_json(const FocusState& focus) {
    auto samples = Json::array();
    for (const auto& [counts, sharpness] : focus.samples)
        samples.push_back({{"counts", counts}, {"fine", sharpness.fine}, {"coarse", sharpness.coarse}});
    return {{"phase", kPhases[static_cast<std::size_t>(focus.phase)]},
            {"found", focus.found},
            {"pass", focus.pass},
            {"target_counts", focus.target_counts},
            {"samples", std::move(samples)}};
}

Answer get_automatics(Call& call) {
    return {.body = call.on_camera([](Bench& bench) -> Json {
        const auto& loops = bench.camera().auto_functions();
        const auto& settings = bench.camera().settings;
        const auto& gains = settings.isp.white_balance;
        return {{"seen", seen_to_json(loops.seen())},
                {"exposure",
                 {{"reference", settings.automatic.exposure.reference - loops.exposure().reduction},
                  {"settled", loops.exposure().settled},
                  {"unsteady", loops.exposure().unsteady}}},
                {"balance",
                 {{"gains", {gains.red_64 / 64.0, gains.green_64 / 64.0, gains.blue_64 / 64.0}},
                  {"temperature_k", settings.automatic.temperature_k},
                  {"settled", loops.balance().resting},
                  {"unsteady", loops.balance().unsteady}}},
                {"focus", focus_to_json(loops.focus())}};
    })};
}

constexpr Route kAutomaticsRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/automatics",
     .summary = "What exposure, gain, iris, white balance and autofocus measured last, and where they stand",
     .answer = R"({"type": "object", "required": ["seen", "exposure", "balance", "focus"], "properties": {
         "seen": {"type": ["object", "null"], "description": "of the last frame; null: of none yet",
             "required": ["brightness", "clipped", "mean_dn", "unclipped", "grey_dn", "grey"], "properties": {
             "brightness": {"type": "number", "description": "mean of the 8-bit codes after white balance"},
             "clipped": {"type": "number", "description": "share of the samples after white balance"},
             "mean_dn": {"type": "array", "items": {"type": "number"},
                 "description": "red, green and blue above black, where nothing is clipped, before white balance"},
             "unclipped": {"type": "number", "description": "share of the places that this comes from"},
             "grey_dn": {"type": "array", "items": {"type": "number"},
                 "description": "the same of places that are nearly grey after white balance"},
             "grey": {"type": "number", "description": "their share"}}},
         "exposure": {"type": "object", "required": ["reference", "settled", "unsteady"], "properties": {
             "reference": {"type": "integer",
                 "description": "the brightness that is wanted, less what spares highlights"},
             "settled": {"type": "boolean"},
             "unsteady": {"type": "boolean",
                 "description": "settled, although no two frames are alike: the lamp flickers"}}},
         "balance": {"type": "object", "required": ["gains", "temperature_k", "settled", "unsteady"], "properties": {
             "gains": {"type": "array", "items": {"type": "number"}, "description": "of red, green and blue"},
             "temperature_k": {"type": "integer"}, "settled": {"type": "boolean"}, "unsteady": {"type": "boolean"}}},
         "focus": {"type": "object", "required": ["phase", "found", "pass", "target_counts", "samples"], "properties": {
             "phase": {"type": "string", "enum": ["idle", "searching", "returning", "sweeping", "settling", "done"]},
             "found": {"type": "boolean", "description": "at the end: something was sharp"},
             "pass": {"type": "integer", "description": "0: the search, then sweeps, each finer"},
             "target_counts": {"type": "number"},
             "samples": {"type": "array", "description": "of this pass", "items": {"type": "object",
                 "required": ["counts", "fine", "coarse"], "properties": {"counts": {"type": "number"},
                 "fine": {"type": "number", "description": "contrast of fine detail, relative to the light"},
                 "coarse": {"type": "number"}}}}}}}})",
     .act = get_automatics},
};

}  // namespace

std::span<const Route> automatics() { return kAutomaticsRows; }

}  // namespace emulator::testbench::routes
