#include <algorithm>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/truth/coco.h"
#include "emulator/testbench/truth/moment.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;

constexpr std::size_t kCocoUsual = 100;
constexpr double kDepthUnit_m = 1e-4;

const FrameRecord& find_frame(const Bench& bench, const json& query) {
    const bool by_block = query.contains("block_id");
    const auto wanted = query[by_block ? "block_id" : "frame"].get<std::uint64_t>();
    const auto& frames = bench.frames();
    const auto found = std::find_if(frames.rbegin(), frames.rend(), [&](const FrameRecord& record) {
        if (!by_block) return record.frame.number == wanted;
        return record.block_id == wanted && wanted != 0;
    });
    if (found == frames.rend())
        throw Problem(kNotFound, "",
                      "This frame is not among the last " + std::to_string(Bench::kFramesKept) + ".");
    return *found;
}

Moment another_time(const Bench& bench, const json& query) {
    constexpr auto kFarthest = std::chrono::hours(24);
    const auto& clock = bench.camera().device.clock;
    const auto now = bench.now();
    const auto time = protocol::timestamp(query.value("time_ns", bench.ticks(now)));
    const auto at = query.contains("time_ns") ? clock.oscillator_at(time) : now;
    if (at < Time::zero() || at > now + kFarthest)
        throw Problem(kBadRequest, "time_ns", "a time from power-up to a day from now is expected.");
    return moment_at(bench, time);
}

Moment wanted_moment(const Call& call) {
    const auto& query = call.query;
    const auto given = query.count("frame") + query.count("block_id") + query.count("time_ns");
    if (given > 1) throw Problem(kBadRequest, "query", "frame, block_id and time_ns exclude each other.");
    const bool of_frame = query.contains("frame") || query.contains("block_id");
    return call.on_camera([&](Bench& bench) {
        return of_frame ? moment_of(bench, find_frame(bench, query)) : another_time(bench, query);
    });
}

Answer get_truth(Call& call) { return {.body = to_json(wanted_moment(call))}; }

Answer get_masks(Call& call) { return {.body = masks_to_json(wanted_moment(call))}; }

Answer get_instances(Call& call) {
    return {.body = {}, .type = "image/png", .bytes = instances_png(instance_image(wanted_moment(call)))};
}

Answer get_depth(Call& call) {
    const auto image = instance_image(wanted_moment(call));
    if (call.query.value("format", "png") == "raw")
        return {.body = {}, .type = "application/octet-stream", .bytes = depth_raw(image)};
    return {
        .body = {}, .type = "image/png", .bytes = depth_png(image, call.query.value("unit_m", kDepthUnit_m))};
}

Answer get_coco(Call& call) {
    const auto wanted = call.query.value("frames", kCocoUsual);
    const auto frames = call.on_camera([&](Bench& bench) { return last_frames(bench, wanted); });
    return {.body = {}, .type = "application/json", .bytes = coco_data_set(frames)};
}

constexpr std::string_view kMomentQuery = R"({"type": "object", "additionalProperties": false, "properties": {
    "block_id": {"type": "integer", "minimum": 0, "description": "the newest image of this block id"},
    "frame": {"type": "integer", "minimum": 0, "description": "the image with this number in the signals"},
    "time_ns": {"type": "integer", "minimum": 0, "description":
        "from power-up to a day ahead, with image format and lens as they are now"}}})";

constexpr Route kTruthRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/truth",
     .summary = "Ground truth: camera matrix, and where all items are in an image, at a time, or now",
     .query = kMomentQuery,
     .answer =
         R"({"type": "object", "required": ["time_ns", "image", "lens", "K", "dist", "camera", "items"], "properties": {
         "time_ns": {"$ref": "#/components/schemas/Ns"}, "image": {"$ref": "#/components/schemas/Image"},
         "lens": {"$ref": "#/components/schemas/Lens"}, "frame": {"$ref": "#/components/schemas/Frame"},
         "K": {"$ref": "#/components/schemas/Matrix"},
         "dist": {"type": "array", "items": {"type": "number"}, "minItems": 5, "maxItems": 5,
             "description": "k1, k2, p1, p2, k3 of OpenCV"},
         "camera": {"$ref": "#/components/schemas/Extrinsics"},
         "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}})",
     .act = get_truth},
    {.method = "GET",
     .path = "/api/v1/camera/truth/masks",
     .summary = "Instance masks as run lengths of COCO",
     .query = kMomentQuery,
     .answer = R"({"type": "object", "required": ["time_ns", "width", "height", "instances"], "properties": {
         "time_ns": {"$ref": "#/components/schemas/Ns"}, "frame": {"$ref": "#/components/schemas/Frame"},
         "width": {"type": "integer"}, "height": {"type": "integer"},
         "instances": {"type": "array", "items": {"type": "object",
             "required": ["id", "name", "kind", "bbox", "area", "visible", "segmentation", "packed"], "properties": {
             "id": {"type": "integer"}, "name": {"type": "string"}, "kind": {"type": "string"},
             "bbox": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4,
                 "description": "x, y, width, height"},
             "area": {"type": "integer"}, "visible": {"type": "number", "description": "the share that nothing hides"},
             "segmentation": {"type": "object", "required": ["size", "counts"], "properties": {
                 "size": {"type": "array", "items": {"type": "integer"}},
                 "counts": {"type": "array", "items": {"type": "integer"}}}},
             "packed": {"type": "string", "description": "the counts as COCO packs them"}}}}}})",
     .act = get_masks},
    {.method = "GET",
     .path = "/api/v1/camera/truth/instances",
     .summary = "Instance masks as a PNG of 16 bits: the id of the item plus 1, or 0",
     .query = kMomentQuery,
     .serves = "image/png",
     .act = get_instances},
    {.method = "GET",
     .path = "/api/v1/camera/truth/depth",
     .summary = "Depth as a PNG of 16 bits in units, or as float32 in metres",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "block_id": {"type": "integer", "minimum": 0, "description": "the newest image of this block id"},
         "frame": {"type": "integer", "minimum": 0, "description": "the image with this number in the signals"},
         "time_ns": {"type": "integer", "minimum": 0, "description":
             "from power-up to a day ahead, with image format and lens as they are now"},
         "format": {"type": "string", "enum": ["png", "raw"], "default": "png"},
         "unit_m": {"type": "number", "minimum": 0.000001, "maximum": 1, "default": 0.0001,
             "description": "of the PNG"}}})",
     .serves = "image/png, application/octet-stream",
     .act = get_depth},
    {.method = "GET",
     .path = "/api/v1/camera/truth/coco",
     .summary = "The last frames as a COCO data set",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "frames": {"type": "integer", "minimum": 1, "maximum": 1024, "default": 100}}})",
     .answer = R"({"type": "object", "required": ["info", "licenses", "images", "annotations", "categories"],
         "properties": {"info": {"type": "object"}, "licenses": {"type": "array"}, "images": {"type": "array"},
         "annotations": {"type": "array"}, "categories": {"type": "array"}}})",
     .act = get_coco},
};

}  // namespace

std::span<const Route> truth() { return kTruthRows; }

}  // namespace emulator::testbench::routes
