#include <algorithm>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/scene_change.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;
using scenes::SceneFile;
using Edit = std::function<void(SceneFile&)>;

Answer said(const SceneMoment& now) {
    auto fed = Json::array(), planned = Json::array();
    for (const auto& [item, frames] : now.plan.now.fed) fed.push_back(item);
    for (std::size_t i = 0; i < now.planned_ns.size(); ++i)
        if (!now.plan.later[i].change.pose)
            planned.push_back({{"at_ns", now.planned_ns[i]}, {"name", now.plan.later[i].scene.file->name}});
    return {.body = {{"name", now.plan.now.file->name},
                     {"title", now.plan.now.world->title},
                     {"revision", now.plan.revision},
                     {"time_ns", now.time_ns},
                     {"content", Json(now.plan.now.file->content)},
                     {"fed", std::move(fed)},
                     {"planned", std::move(planned)}}};
}

Answer change(Call& call, const json& when, const Edit& edit, bool replaces = false) {
    return said(change_scene(call, when, {.edit = edit, .replaces = replaces}));
}

Answer get_world(Call& call) { return said(call.on_camera(scene_moment)); }

Answer put_world(Call& call) {
    const auto& body = call.body;
    if (body.contains("scene") == body.contains("content"))
        throw Problem(kBadRequest, "scene", "either this or content is expected.");
    if (body.contains("content"))
        return change(
            call, body, [&](SceneFile& file) { file.content = body["content"]; }, true);
    const auto name = body["scene"].get<std::string>();
    const auto library = call.on_camera([](Bench& bench) { return bench.scene_library(); });
    const auto found = library.find(name);
    if (!found)
        throw Problem(kNotFound, "scene",
                      "there is no scene \"" + name + "\"; GET /api/v1/scenes lists them.");
    return change(
        call, body, [&](SceneFile& file) { file = *found; }, true);
}

Answer patch_world(Call& call) {
    const auto& patch = call.body["patch"];
    if (patch.contains("camera"))
        throw Problem(kConflict, "camera",
                      "these settings count at power-up alone; write the camera's features instead.");
    return change(call, call.body, [&](SceneFile& file) { scenes::apply_patch(file.content, patch); });
}

json* item_of(SceneFile& file, const std::string& name) {
    const auto items = file.content.find("items");
    return items == file.content.end() ? nullptr : scenes::find_element(*items, name);
}

void patch_item(SceneFile& file, const std::string& name, const json& patch) {
    if (item_of(file, name) == nullptr)
        throw Problem(kNotFound, name, "there is no such item in this scene.");
    scenes::apply_patch(file.content, {{"items", {{name, patch}}}});
}

Answer post_item(Call& call) {
    const auto& item = call.body["item"];
    const auto name = item.value("name", item.value("kind", json()));
    return change(call, call.body, [&](SceneFile& file) {
        auto& items = file.content["items"];
        if (items.is_null()) items = json::array();
        const bool taken = std::ranges::any_of(items, [&](const json& other) {
            return other.value("name", other.value("kind", json())) == name;
        });
        if (taken) throw Problem(kConflict, "item.name", "an item of this name is there already.");
        items.push_back(item);
    });
}

Answer change_item(Call& call) {
    return change(call, call.body,
                  [&](SceneFile& file) { patch_item(file, call.path["name"], call.body["patch"]); });
}

Answer delete_item(Call& call) {
    return change(call, call.query, [&](SceneFile& file) { patch_item(file, call.path["name"], nullptr); });
}

Answer put_picture(Call& call) {
    using scenes::targets::Picture;
    auto picture = scenes::decode_picture(call.bytes);
    if (!picture)
        throw Problem(kBadRequest, "body",
                      "a PNG or JPEG picture of at most " + std::to_string(scenes::kPicturePixelsMax) +
                          " pixels is expected.");
    auto frames = std::make_shared<std::vector<Picture::Frame>>();
    frames->push_back(std::move(*picture));
    return said(call.on_camera([&](Bench& bench) {
        if (!bench.scene().feed(call.path["name"], frames))
            throw Problem(kNotFound, call.path["name"],
                          "there is no such item of kind picture in this scene.");
        return scene_moment(bench);
    }));
}

constexpr std::string_view kWorldAnswer = R"({"$ref": "#/components/schemas/World"})";

constexpr Route kWorldRows[] = {
    {.method = "GET",
     .path = "/api/v1/world",
     .summary = "The scene in force, and planned changes",
     .answer = kWorldAnswer,
     .act = get_world},
    {.method = "PUT",
     .path = "/api/v1/world",
     .summary =
         "Another scene: one of the list by its name, or its content; without at_ns planned changes end",
     .body = R"({"type": "object", "additionalProperties": false, "properties": {
         "scene": {"type": "string", "maxLength": 64}, "content": {"type": "object"},
         "at_ns": {"$ref": "#/components/schemas/AtNs"}}})",
     .answer = kWorldAnswer,
     .body_max = kUploadMax,
     .act = put_world},
    {.method = "PATCH",
     .path = "/api/v1/world",
     .summary = "A JSON merge patch (RFC 7396) of the scene; where it has a list, an object patches elements "
                "by name",
     .body = R"({"type": "object", "additionalProperties": false, "required": ["patch"], "properties": {
         "patch": {"type": "object"}, "at_ns": {"$ref": "#/components/schemas/AtNs"}}})",
     .answer = kWorldAnswer,
     .act = patch_world},
    {.method = "POST",
     .path = "/api/v1/world/items",
     .summary = "One item more, on top of others at its distance",
     .body = R"({"type": "object", "additionalProperties": false, "required": ["item"], "properties": {
         "item": {"type": "object"}, "at_ns": {"$ref": "#/components/schemas/AtNs"}}})",
     .answer = kWorldAnswer,
     .act = post_item},
    {.method = "PATCH",
     .path = "/api/v1/world/items/{name}",
     .summary = "A JSON merge patch of one item, by its name, kind or number",
     .body = R"({"type": "object", "additionalProperties": false, "required": ["patch"], "properties": {
         "patch": {"type": "object"}, "at_ns": {"$ref": "#/components/schemas/AtNs"}}})",
     .answer = kWorldAnswer,
     .act = change_item},
    {.method = "DELETE",
     .path = "/api/v1/world/items/{name}",
     .summary = "One item less",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "at_ns": {"$ref": "#/components/schemas/AtNs"}}})",
     .answer = kWorldAnswer,
     .act = delete_item},
    {.method = "PUT",
     .path = "/api/v1/world/items/{name}/picture",
     .summary =
         "What an item of kind picture shows from the next exposure on, until its file or the scene changes",
     .answer = kWorldAnswer,
     .accepts = "image/png, image/jpeg",
     .body_max = kUploadMax,
     .act = put_picture},
};

}  // namespace

std::span<const Route> world() { return kWorldRows; }

}  // namespace emulator::testbench::routes
