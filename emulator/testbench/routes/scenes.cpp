#include <algorithm>
#include <mutex>

#include "emulator/camera/camera_hints.h"
#include "emulator/config.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/json_text.h"
#include "emulator/testbench/preview/view.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;
using scenes::targets::Picture;

Answer list_scenes(Call& call) {
    const auto library = call.on_camera([](Bench& bench) { return bench.scene_library(); });
    auto list = Json::array();
    for (const auto& name : library.of_program()) list.push_back({{"name", name}, {"uploaded", false}});
    for (const auto& name : library.uploaded()) list.push_back({{"name", name}, {"uploaded", true}});
    return {.body = {{"scenes", std::move(list)}}};
}

Json scene_to_json(const scenes::SceneFile& scene, bool uploaded) {
    return {{"name", scene.name}, {"uploaded", uploaded}, {"content", Json(scene.content)}};
}

Answer get_scene(Call& call) {
    const auto library = call.on_camera([](Bench& bench) { return bench.scene_library(); });
    const auto scene = library.find(call.path["name"]);
    if (!scene) throw Problem(kNotFound, "name", "there is no scene \"" + call.path["name"] + "\".");
    return {.body = scene_to_json(*scene, !library.is_of_program(scene->name))};
}

/// Settings of a camera that was just switched on before this scene.
FrameRequest first_look(const Profile& profile, const std::shared_ptr<const scenes::World>& world) {
    constexpr double kExposure_us = 10'000;
    FrameRequest request{.settings = profile.power_up,
                         .lens = LensDrive(profile.lens, profile.power_up.lens),
                         .world = world,
                         .seed = profile.seed};
    request.settings.exposure.time_us = kExposure_us;
    apply(world->camera, request.settings);
    request.lens = LensDrive(profile.lens, request.settings.lens);
    request.questions.focus_runs = true;  // a draft
    return request;
}

Answer get_picture(Call& call) {
    static std::mutex one_at_a_time;
    const auto [library, profile] =
        call.on_camera([](Bench& bench) { return std::pair(bench.scene_library(), bench.camera().profile); });
    auto file = library.find(call.path["name"]);
    if (!file) throw Problem(kNotFound, "name", "there is no scene \"" + call.path["name"] + "\".");
    const auto scene = make_scene(std::move(*file));
    const std::lock_guard lock(one_at_a_time);
    FrameSource source(profile);
    const auto request = first_look(profile, scene.world);
    const auto block = block_of(request, source.take(request).payload);
    const Region all{0, 0, static_cast<int>(block.size_x), static_cast<int>(block.size_y)};
    constexpr int kWidth = 320;
    const Showing showing{
        .width = kWidth, .neutral = true, .black_dn = request.settings.exposure.black_level_dn};
    return {.body = {}, .type = "image/jpeg", .bytes = encoded(block, all, showing, "jpeg")};
}

[[noreturn]] void refuse_size() {
    throw Problem(kConflict, "name",
                  "at most " + std::to_string(SceneLibrary::kUploadedMost) + " scenes of " +
                      std::to_string(SceneLibrary::kUploadedBytes) + " bytes together are kept.");
}

/// The content, and the pictures under the names that the content calls them by. A few bytes may be a large
/// picture: what is too much is refused before it is decoded.
void read_parts(const std::vector<Part>& parts, scenes::SceneFile& scene) {
    std::size_t decoded_bytes = 0;
    for (const auto& part : parts) decoded_bytes += 3 * scenes::picture_pixels(part.bytes);
    if (decoded_bytes > SceneLibrary::kUploadedBytes) refuse_size();
    bool has_content = false;
    for (const auto& part : parts) {
        if (part.name == "scene") {
            auto content = parse_json(part.bytes, Comments::skipped);
            if (!content) throw Problem(kBadRequest, "scene", no_json());
            scene.content = std::move(*content);
            has_content = true;
            continue;
        }
        auto picture = scenes::decode_picture(part.bytes);
        if (!picture)
            throw Problem(kBadRequest, part.name,
                          "a PNG or JPEG picture of at most " + std::to_string(scenes::kPicturePixelsMax) +
                              " pixels is expected.");
        auto frames = std::make_shared<std::vector<Picture::Frame>>();
        frames->push_back(std::move(*picture));
        scene.pictures.uploaded[part.name] = std::move(frames);
    }
    if (!has_content) throw Problem(kBadRequest, "scene", "this part is missing: the scene's JSON.");
}

Answer put_scene(Call& call) {
    const auto& name = call.path["name"];
    if (!SceneLibrary::is_name(name))
        throw Problem(kBadRequest, "name", "from 1 to 64 letters, digits, - and _ are expected.");
    if (call.on_camera([&](Bench& bench) { return bench.scene_library().is_of_program(name); }))
        throw Problem(kConflict, "name", "a scene of this name comes with the program.");
    scenes::SceneFile scene{name, "body", call.body, {}};
    scene.pictures.elsewhere = false;
    if (call.type == "multipart/form-data") read_parts(call.parts, scene);
    (void)scenes::make_world(scene);
    auto said = scene_to_json(scene, true);
    call.on_camera([&](Bench& bench) {
        if (!bench.scene_library().keep(std::move(scene))) refuse_size();
    });
    return {.body = std::move(said)};
}

Answer get_schema(Call& call) {
    const auto& name = call.path["name"];
    if (name == "scene") return {.body = Json(scenes::scene_schema())};
    if (name == "profile") return {.body = Json(profile_schema())};
    throw Problem(kNotFound, "name", "the schemas are scene and profile.");
}

constexpr std::string_view kSceneAnswer = R"({"type": "object", "required": ["name", "uploaded", "content"],
    "properties": {"name": {"type": "string"}, "uploaded": {"type": "boolean"}, "content": {"type": "object"}}})";

constexpr Route kSceneRows[] = {
    {.method = "GET",
     .path = "/api/v1/scenes",
     .summary = "The scenes that can be put in force by their names",
     .answer =
         R"({"type": "object", "required": ["scenes"], "properties": {"scenes": {"type": "array", "items": {
         "type": "object", "required": ["name", "uploaded"], "properties": {
         "name": {"type": "string"}, "uploaded": {"type": "boolean"}}}}}})",
     .act = list_scenes},
    {.method = "GET",
     .path = "/api/v1/scenes/{name}",
     .summary = "The JSON of a scene",
     .answer = kSceneAnswer,
     .act = get_scene},
    {.method = "GET",
     .path = "/api/v1/scenes/{name}/picture",
     .summary = "What a camera sees of a scene when it is switched on, small and coarse",
     .serves = "image/jpeg",
     .at_once = false,
     .act = get_picture},
    {.method = "PUT",
     .path = "/api/v1/scenes/{name}",
     .summary =
         "Keeps a scene: its JSON, or as multipart/form-data its JSON in the part scene, and its pictures in "
         "parts that have the names by which the scene calls them",
     .body = R"({"type": "object"})",
     .answer = kSceneAnswer,
     .accepts = "application/json, multipart/form-data",
     .body_max = kUploadMax,
     .act = put_scene},
    {.method = "GET",
     .path = "/api/v1/schemas/{name}",
     .summary = "The JSON Schema of scene or profile files, for editors",
     .answer = R"({"type": "object"})",
     .act = get_schema},
};

}  // namespace

std::span<const Route> scene_list() { return kSceneRows; }

}  // namespace emulator::testbench::routes
