#include "emulator/testbench/bench.h"
#include "emulator/testbench/image_pixels.h"
#include "emulator/testbench/preview/view.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;

constexpr int kWidthUsual = 1024;

Preview::Picture wanted_picture(const Call& call) {
    std::shared_ptr<Preview> preview;
    const auto sight = call.on_camera([&](Bench& bench) {
        preview = bench.preview();
        return preview->ask(bench);
    });
    if (!call.query.contains("picture")) return preview->take(sight);
    auto picture = preview->kept(call.query["picture"].get<std::uint64_t>());
    if (picture == nullptr)
        throw Problem(kNotFound, "picture",
                      "it is not kept any more; without a number there is a newer one.");
    return picture;
}

Region wanted_region(const json& query, const protocol::gvsp::Block& block) {
    const Region all{0, 0, static_cast<int>(block.size_x), static_cast<int>(block.size_y)};
    const Region wanted{query.value("x", 0), query.value("y", 0), query.value("w", all.width),
                        query.value("h", all.height)};
    if (const auto region = clipped(wanted, block)) return *region;
    throw Problem(kBadRequest, "query", "x, y, w and h name no part of the image.");
}

/// What a picture is of; beside it in a header, as its bytes have no room for it.
std::string about(const PreviewPicture& picture, const Region& region) {
    const auto& block = picture.block;
    const auto depth = pixel_depth(block.pixel_format);
    Json say{{"picture", picture.number},
             {"source", picture.streamed ? "stream" : "preview"},
             {"draft", picture.draft},
             {"moves", picture.moves},
             {"time_ns", block.timestamp_ticks},
             {"pixel_format", static_cast<std::uint32_t>(block.pixel_format)},
             {"bits", depth.bits},
             {"width", block.size_x},
             {"height", block.size_y},
             {"region", {region.x, region.y, region.width, region.height}}};
    if (picture.streamed) say["block_id"] = block.id;
    return say.dump();
}

Showing showing(const json& query, const PreviewPicture& picture) {
    return {.width = query.value("width", kWidthUsual),
            .neutral = !picture.streamed && query.value("neutral", false),
            .black_dn = picture.black_dn};
}

/// Digital numbers are counted, unless what is shown is asked for.
std::optional<Showing> counted(const json& query, const PreviewPicture& picture) {
    if (query.value("of", "dn") == "dn") return std::nullopt;
    return showing(query, picture);
}

Answer get_preview(Call& call) {
    const auto picture = wanted_picture(call);
    const auto region = wanted_region(call.query, picture->block);
    const auto tag = "\"" + std::to_string(picture->number) + "\"";
    Answer answer{.headers = {{"ETag", tag}, {"Gigemu-Picture", about(*picture, region)}}};
    if (call.known == tag) {
        answer.status = kNotModified;
        return answer;
    }
    const auto format = call.query.value("format", "jpeg");
    if (format == "raw") {
        auto numbers = digital_numbers(picture->block, region);
        if (!numbers)
            throw Problem(kConflict, "format",
                          "pixels of this format share their colours: take png instead.");
        answer.type = "application/octet-stream";
        answer.bytes = std::move(*numbers);
        return answer;
    }
    answer.type = "image/" + format;
    answer.bytes = encoded(picture->block, region, showing(call.query, *picture), format);
    return answer;
}

Answer get_statistics(Call& call) {
    const auto picture = wanted_picture(call);
    auto body =
        statistics(picture->block, wanted_region(call.query, picture->block), counted(call.query, *picture));
    body["picture"] = picture->number;
    return {.body = std::move(body)};
}

Answer get_waveform(Call& call) {
    const auto picture = wanted_picture(call);
    return {.type = "image/png",
            .bytes = waveform(picture->block, wanted_region(call.query, picture->block),
                              counted(call.query, *picture))};
}

constexpr std::string_view kCounted = R"({"type": "object", "additionalProperties": false, "properties": {
    "of": {"type": "string", "enum": ["dn", "display"], "default": "dn",
        "description": "digital numbers, or the 8 bits of what is shown"},
    "neutral": {"type": "boolean", "default": false, "description": "as shown with it"},
    "width": {"type": "integer", "minimum": 16, "maximum": 2048, "default": 1024, "description": "as shown with it"},
    "x": {"type": "integer", "minimum": 0, "maximum": 4096}, "y": {"type": "integer", "minimum": 0,
        "maximum": 4096},
    "w": {"type": "integer", "minimum": 2, "maximum": 4096}, "h": {"type": "integer", "minimum": 2,
        "maximum": 4096},
    "picture": {"type": "integer", "minimum": 1, "description": "this one of the last three pictures"}}})";

constexpr Route kPreviewRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/preview",
     .summary = "What the camera sees, for people: the last frame of the stream, or an exposure of its own",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "format": {"type": "string", "enum": ["jpeg", "png", "raw"], "default": "jpeg",
             "description": "raw: digital numbers of 16 bits, little endian"},
         "width": {"type": "integer", "minimum": 16, "maximum": 2048, "default": 1024,
             "description": "of the answer, in pixels; images are not enlarged"},
         "x": {"type": "integer", "minimum": 0, "maximum": 4096,
             "description": "left edge of the region, in pixels of the image"},
         "y": {"type": "integer", "minimum": 0, "maximum": 4096, "description": "its upper edge"},
         "w": {"type": "integer", "minimum": 2, "maximum": 4096,
             "description": "its width; whole pairs of pixels are answered"},
         "h": {"type": "integer", "minimum": 2, "maximum": 4096, "description": "its height"},
         "neutral": {"type": "boolean", "default": false,
             "description":
             "of an exposure of its own, with its white balanced for display"},
         "picture": {"type": "integer", "minimum": 1, "description": "this one of the last three pictures again"}}})",
     .serves = "image/jpeg, image/png, application/octet-stream",
     .at_once = false,
     .act = get_preview},
    {.method = "GET",
     .path = "/api/v1/camera/preview/statistics",
     .summary = "Histograms and moments of a preview",
     .query = kCounted,
     .answer = R"({"type": "object", "required": ["picture", "bits", "region", "colours"], "properties": {
         "picture": {"type": "integer"}, "bits": {"type": "integer", "description": "of a digital number"},
         "region": {"type": "array", "items": {"type": "integer"}, "description": "x, y, width, height"},
         "colours": {"type": "array", "items": {"type": "object", "required": ["colour", "bins", "pixels",
             "clipped", "mean", "deviation", "min", "max"], "properties": {
             "colour": {"type": "string", "enum": ["red", "green", "blue"]},
             "bins": {"type": "array", "items": {"type": "integer"}, "minItems": 256, "maxItems": 256},
             "pixels": {"type": "integer"}, "clipped": {"type": "integer", "description": "at the largest number"},
             "mean": {"type": "number"}, "deviation": {"type": "number"}, "min": {"type": "integer"},
             "max": {"type": "integer"}}}}}})",
     .at_once = false,
     .act = get_statistics},
    {.method = "GET",
     .path = "/api/v1/camera/preview/waveform",
     .summary = "How often each level occurs in each column of a preview: the largest on top, one colour "
                "over the other",
     .query = kCounted,
     .serves = "image/png",
     .at_once = false,
     .act = get_waveform},
};

}  // namespace

std::span<const Route> preview() { return kPreviewRows; }

}  // namespace emulator::testbench::routes
