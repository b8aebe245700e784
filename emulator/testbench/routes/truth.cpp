#include <algorithm>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/ground_truth.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;

const FrameRecord* find_frame(const Bench& bench, const json& query) {
    const bool by_block = query.contains("block_id");
    const auto wanted = query[by_block ? "block_id" : "frame"].get<std::uint64_t>();
    const auto& frames = bench.frames();
    const auto found = std::find_if(frames.rbegin(), frames.rend(), [&](const FrameRecord& record) {
        if (!by_block) return record.frame.number == wanted;
        return record.block_id == wanted && wanted != 0;
    });
    return found == frames.rend() ? nullptr : &*found;
}

Json truth_of(const Bench& bench, const scenes::World& world, const ImageFormat& image,
              const lens_model::State& lens, bool moving, Time time) {
    const auto& profile = bench.camera().profile;
    auto items = Json::array();
    for (const auto& item : ground_truth(world, profile, lens, image, time).items)
        items.push_back(to_json(item));
    return {{"time_ns", time.count()},
            {"image", to_json(image)},
            {"lens", to_json(profile.lens, lens, moving)},
            {"items", std::move(items)}};
}

Json truth_at(const Bench& bench, const json& query) {
    constexpr auto kFarthest = std::chrono::hours(24);
    const auto& camera = bench.camera();
    const auto& clock = camera.device.clock;
    const auto now = bench.now();
    const auto time = protocol::timestamp(query.value("time_ns", bench.ticks(now)));
    const auto at = query.empty() ? now : clock.oscillator_at(time);
    if (at < Time::zero() || at > now + kFarthest)
        throw Problem(kBadRequest, "time_ns", "a time from power-up to a day from now is expected.");
    const auto lens = camera.lens().state(at, camera.profile.housing_c);
    return truth_of(bench, *camera.world_at(at), camera.settings.image, lens, camera.lens().moving(at),
                    scene_time(time));
}

Json truth_of_frame(const Bench& bench, const json& query) {
    const auto* record = find_frame(bench, query);
    if (record == nullptr)
        throw Problem(kNotFound, "",
                      "This frame is not among the last " + std::to_string(Bench::kFramesKept) + ".");
    // Motion follows the camera's clock, so the time is that of the stamp.
    const auto from = scene_time(protocol::timestamp(record->ticks)),
               to = from + (record->frame.end - record->frame.start);
    const auto middle =
        middle_of_light(*record->world, bench.camera().profile, record->lens, from, to, record->strobe_high);
    auto body = truth_of(bench, *record->world, record->image, record->lens, record->lens_moved, middle);
    body["frame"] = to_json(*record);
    return body;
}

Answer get_truth(Call& call) {
    const auto& query = call.query;
    if (query.size() > 1)
        throw Problem(kBadRequest, "query", "frame, block_id and time_ns exclude each other.");
    const bool of_frame = query.contains("frame") || query.contains("block_id");
    return {.body = call.on_camera([&](Bench& bench) {
        return of_frame ? truth_of_frame(bench, query) : truth_at(bench, query);
    })};
}

constexpr Route kTruthRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/truth",
     .summary = "Ground truth: where all items are in an image, at a time, or now",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "block_id": {"type": "integer", "minimum": 0, "description": "the newest image of this block id"},
         "frame": {"type": "integer", "minimum": 0, "description": "the image with this number in the signals"},
         "time_ns": {"type": "integer", "minimum": 0, "description":
             "from power-up to a day ahead, with image format and lens as they are now"}}})",
     .answer = R"({"type": "object", "required": ["time_ns", "image", "lens", "items"], "properties": {
         "time_ns": {"$ref": "#/components/schemas/Ns"}, "image": {"$ref": "#/components/schemas/Image"},
         "lens": {"$ref": "#/components/schemas/Lens"}, "frame": {"$ref": "#/components/schemas/Frame"},
         "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}})",
     .act = get_truth},
};

}  // namespace

std::span<const Route> truth() { return kTruthRows; }

}  // namespace emulator::testbench::routes
