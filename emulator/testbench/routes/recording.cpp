#include "emulator/testbench/bench.h"
#include "emulator/testbench/recording_desk.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using recording::Recorder;

constexpr std::uint64_t kMegabyte = 1'000'000, kUsualMegabytes = 1000;
/// A file that is larger is taken from the folder itself.
constexpr std::uint64_t kServedMost = 64 * kMegabyte;

/// Null without --record-dir.
RecordingDesk* find_desk(Call& call) {
    return call.on_camera([](Bench& bench) { return bench.recordings(); });
}

RecordingDesk& desk_of(Call& call) {
    auto* desk = find_desk(call);
    if (desk == nullptr)
        throw Problem(kConflict, "", "Nothing can be recorded: the camera runs without --record-dir.");
    return *desk;
}

std::string name_in(const nlohmann::json& body) {
    auto name = body["name"].get<std::string>();
    if (!recording::is_file_name(name))
        throw Problem(kBadRequest, "name",
                      "letters, digits, -, _ and . are expected, and none of - and . first.");
    return name;
}

Json state_json(const Recorder::State& state) {
    constexpr const char* kEnds[] = {"", "stopped", "full", "failed"};
    return {{"running", state.running},
            {"file", state.file},
            {"packets", state.of == Recorder::Packets::all ? "all" : "control"},
            {"count", state.packets},
            {"bytes", state.bytes},
            {"lost", state.lost},
            {"ended", kEnds[static_cast<std::size_t>(state.end)]}};
}

Json state_json(const FrameFiles::State& state) {
    return {{"running", state.running},
            {"name", state.name},
            {"count", state.wanted},
            {"written", state.written},
            {"waiting", state.taken - state.written},
            {"lost", state.lost},
            {"bytes", state.bytes},
            {"ended", state.ended}};
}

std::uint64_t bytes_max(const nlohmann::json& body) {
    return body.value("max_mb", kUsualMegabytes) * kMegabyte;
}

Answer get_recording(Call& call) {
    auto* desk = find_desk(call);
    return {.body = state_json(desk ? desk->recorder().state() : Recorder::State())};
}

Answer start_recording(Call& call) {
    auto& desk = desk_of(call);
    const bool all = call.body.value("packets", "control") == "all";
    desk.start({.name = name_in(call.body),
                .packets = all ? Recorder::Packets::all : Recorder::Packets::control,
                .bytes_max = bytes_max(call.body)});
    return {.body = state_json(desk.recorder().state())};
}

Answer stop_recording(Call& call) {
    auto& desk = desk_of(call);
    desk.stop();
    return {.body = state_json(desk.recorder().state())};
}

Answer get_frames(Call& call) {
    auto* desk = find_desk(call);
    return {.body = state_json(desk ? desk->frames().state() : FrameFiles::State())};
}

Answer start_frames(Call& call) {
    auto& desk = desk_of(call);
    const std::string format = call.body.value("format", "png");
    const auto form = format == "png" ? FrameForm::png : format == "tiff" ? FrameForm::tiff : FrameForm::raw;
    if (!is_available(form)) throw Problem(kConflict, "format", "OpenCV was built without " + format + ".");
    desk.start(FrameFiles::Options{.name = name_in(call.body),
                                   .count = call.body.value("count", std::size_t{1}),
                                   .form = form,
                                   .bytes_max = bytes_max(call.body)});
    return {.body = state_json(desk.frames().state())};
}

Answer stop_frames(Call& call) {
    auto& desk = desk_of(call);
    desk.stop_frames();
    return {.body = state_json(desk.frames().state())};
}

Answer list_recordings(Call& call) {
    auto list = Json::array();
    auto* desk = find_desk(call);
    const auto files = desk ? desk->folder().files() : std::vector<recording::Folder::File>();
    for (const auto& file : files) list.push_back({{"name", file.name}, {"bytes", file.bytes}});
    return {.body = {{"recordings", std::move(list)}}};
}

Answer get_file(Call& call) {
    const auto& folder = desk_of(call).folder();
    const auto file = folder.find(call.path.at("name"));
    if (!file) throw Problem(kNotFound, "", "There is no recording " + call.path.at("name") + ".");
    if (file->bytes > kServedMost)
        throw Problem(kConflict, "", "This file has more than 64 MB; it is in the folder of --record-dir.");
    auto bytes = folder.read(file->name);
    if (!bytes) throw Problem(kNotFound, "", "This file cannot be read.");
    return {.type = "application/octet-stream", .bytes = std::move(*bytes)};
}

constexpr std::string_view kRecordingState = R"({"type": "object", "required": ["running", "file", "packets",
    "count", "bytes", "lost", "ended"], "properties": {"running": {"type": "boolean"},
    "file": {"type": "string"}, "packets": {"type": "string", "enum": ["control", "all"]},
    "count": {"type": "integer"}, "bytes": {"type": "integer"},
    "lost": {"type": "integer", "description": "packets that came faster than they could be written"},
    "ended": {"type": "string", "enum": ["", "stopped", "full", "failed"]}}})";

constexpr std::string_view kFramesState =
    R"({"type": "object", "required": ["running", "name", "count", "written",
    "waiting", "lost", "bytes", "ended"], "properties": {"running": {"type": "boolean"},
    "name": {"type": "string"}, "count": {"type": "integer"}, "written": {"type": "integer"},
    "waiting": {"type": "integer"}, "lost": {"type": "integer"}, "bytes": {"type": "integer"},
    "ended": {"type": "string", "enum": ["", "complete", "stopped", "full", "failed"]}}})";

constexpr Route kRecordingRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/recording",
     .summary = "The recording of packets that runs, or ran last",
     .answer = kRecordingState,
     .act = get_recording},
    {.method = "POST",
     .path = "/api/v1/camera/recording",
     .summary = "Records packets to a new pcapng file in the folder of --record-dir",
     .body = R"({"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
         "name": {"type": "string", "maxLength": 64,
             "description": "of the file, without .pcapng; letters, digits, -, _ and ."},
         "packets": {"type": "string", "enum": ["control", "all"], "default": "control",
             "description": "control: all but the stream"},
         "max_mb": {"type": "integer", "minimum": 1, "maximum": 1000000, "default": 1000}}})",
     .answer = kRecordingState,
     .act = start_recording},
    {.method = "DELETE",
     .path = "/api/v1/camera/recording",
     .summary = "Ends the recording of packets, once all of it is written",
     .answer = kRecordingState,
     .act = stop_recording},
    {.method = "GET",
     .path = "/api/v1/camera/recording/frames",
     .summary = "The recording of frames that runs, or ran last",
     .answer = kFramesState,
     .act = get_frames},
    {.method = "POST",
     .path = "/api/v1/camera/recording/frames",
     .summary = "Writes the next frames to files in the folder of --record-dir, each with its truth as JSON",
     .body = R"({"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
         "name": {"type": "string", "maxLength": 64, "description": "of the files, before _NUMBER and ending"},
         "count": {"type": "integer", "minimum": 1, "maximum": 100000, "default": 1},
         "format": {"type": "string", "enum": ["png", "tiff", "raw"], "default": "png"},
         "max_mb": {"type": "integer", "minimum": 1, "maximum": 1000000, "default": 1000}}})",
     .answer = kFramesState,
     .act = start_frames},
    {.method = "DELETE",
     .path = "/api/v1/camera/recording/frames",
     .summary = "Ends the recording of frames",
     .answer = kFramesState,
     .act = stop_frames},
    {.method = "GET",
     .path = "/api/v1/camera/recordings",
     .summary = "The files in the folder of --record-dir",
     .answer =
         R"({"type": "object", "required": ["recordings"], "properties": {"recordings": {"type": "array",
         "items": {"type": "object", "required": ["name", "bytes"], "properties": {
             "name": {"type": "string"}, "bytes": {"type": "integer"}}}}}})",
     .act = list_recordings},
    {.method = "GET",
     .path = "/api/v1/camera/recordings/{name}",
     .summary = "One of these files, of at most 64 MB",
     .serves = "application/octet-stream",
     .act = get_file},
};

}  // namespace

std::span<const Route> recordings() { return kRecordingRows; }

}  // namespace emulator::testbench::routes
