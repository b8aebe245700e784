#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "scenes/load/built_in.h"
#include "scenes/load/loading.h"

namespace scenes {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kBuiltInScenes = "scenes/", kEnding = ".json";

/// Where a scene is written: a file, or one that the program carries.
struct Place {
    fs::path file;
    const BuiltInFile* built_in = nullptr;
};

/// Of a scene's name, or a file: whatever has a folder or an extension in it.
Place found(const std::string& name_or_file, Folders folders) {
    std::error_code error;
    fs::path file = name_or_file;
    if (file.has_extension() || file.has_parent_path()) {
        if (fs::is_regular_file(file, error)) return {file};
        throw ConfigError(name_or_file, "", "this scene file does not exist.");
    }
    const auto file_name = name_or_file + std::string(kEnding);
    for (const fs::path& folder : folders)
        if (fs::path candidate = folder / file_name; fs::is_regular_file(candidate, error))
            return {candidate};
    if (const auto* built_in = built_in_file(std::string(kBuiltInScenes) + file_name))
        return {file_name, built_in};
    std::string list;
    for (const auto& name : names(folders)) list += (list.empty() ? "" : ", ") + name;
    throw ConfigError(name_or_file, "",
                      "no scene has this name; the scenes are " + list + ", or give a file.");
}

/// "line 3, column 7" out of the parser's message.
std::string place_in(const std::string& message) {
    const auto from = message.find("line "), to = message.find(':', from);
    return from == std::string::npos ? "" : message.substr(from, to - from);
}

json content_of(const Place& place) {
    const auto& [file, built_in] = place;
    try {
        if (built_in != nullptr) return json::parse(built_in->bytes, nullptr, true, true);
        std::ifstream stream(file, std::ios::binary);
        if (!stream) throw ConfigError(file.string(), "", "this file cannot be read.");
        return json::parse(stream, nullptr, true, true);
    } catch (const json::exception& error) {
        throw ConfigError(file.string(), place_in(error.what()),
                          "this is not JSON: a comma, quote or bracket is missing or too many.");
    }
}

CameraHints read_camera(const Node& node) {
    CameraHints hints;
    const auto number = [&](const char* key, Bounds bounds, std::optional<double>& to) {
        if (node.has(key)) to = node.number(key, bounds);
    };
    number("zoom", {0, 1000}, hints.zoom);
    number("focus", {0, 10'000}, hints.focus);
    number("iris", {0, 255}, hints.iris);
    number("exposure_us", {20, 30e6, "us"}, hints.exposure_us);
    number("gain_db", {0, 48, "dB"}, hints.gain_db);
    node.done();
    return hints;
}

Background read_background(const Node& node) {
    Background background;
    if (node.has("distance_m")) background.distance_m = node.number("distance_m", {0.001, 1e6, "m"});
    background.reflectance = read_reflectance(node, "reflectance", 0.05);
    node.done();
    return background;
}

void check_names(const Node& root, const World& world) {
    for (std::size_t i = 0; i < world.items.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (world.items[i].name == world.items[j].name)
                root.wrong("items." + std::to_string(i) + ".name",
                           "two items have the name \"" + world.items[i].name + "\"; give one another.");
}

World read_world(const Node& root, const std::string& name, Pictures& pictures) {
    World world;
    world.name = name;
    world.title = root.text_or("title", world.name);
    world.seed = static_cast<std::uint64_t>(root.number_or("seed", {0, 9e15}, 1));
    LampShapes lamps;
    for (const Node& node : root.one_or_more("light", lamp_kinds(), "At least one lamp"))
        world.lamps.push_back(read_lamp(node, lamps.shapes.emplace_back()));
    world.background.reflectance = light::constant(0.05);
    if (root.has("background")) world.background = read_background(root.object("background"));
    if (root.has("camera")) world.camera = read_camera(root.object("camera"));
    if (root.has("camera_pose")) {
        const Node node = root.object("camera_pose");
        world.camera_pose = read_motion(node, {});
        node.done();
    }
    if (root.has("conveyor")) world.conveyor = read_conveyor(root.object("conveyor"));
    for (const Node& node : root.objects("items", item_kinds()))
        world.items.push_back(read_item(node, lamps, pictures));
    root.done();
    return world;
}

/// The value at the end of a dotted path, which is made where objects allow it.
json& value_at(json& content, const std::string& key) {
    json* at = &content;
    std::istringstream path(key);
    for (std::string step; std::getline(path, step, '.');) {
        if (at->is_array()) {
            at = find_element(*at, step);
            if (at == nullptr)
                throw ConfigError("--set-scene", key, "there is no item \"" + step + "\" in this scene.");
        } else if (at->is_object() || at->is_null()) {
            at = &(*at)[step];
        } else {
            throw ConfigError("--set-scene", key, "there is nothing below \"" + step + "\" to set.");
        }
    }
    return *at;
}

}  // namespace

std::vector<std::string> names(Folders folders) {
    std::set<std::string> names;
    for (const BuiltInFile& file : built_in_files())
        if (file.name.starts_with(kBuiltInScenes) && file.name.ends_with(kEnding))
            names.insert(fs::path(file.name).stem().string());
    std::error_code error;
    for (const fs::path& folder : folders)
        for (const auto& entry : fs::directory_iterator(folder, error))
            if (entry.path().extension() == kEnding) names.insert(entry.path().stem().string());
    return {names.begin(), names.end()};
}

void override_key(json& content, const std::string& assignment) {
    const auto equals = assignment.find('=');
    const std::string key = assignment.substr(0, equals);
    if (equals == std::string::npos || key.empty())
        throw ConfigError("--set-scene", assignment, "KEY=VALUE is expected.");
    const std::string text = assignment.substr(equals + 1);
    json value = json::parse(text, nullptr, false);
    if (value.is_discarded()) value = text;

    value_at(content, key) = std::move(value);
}

SceneFile read_scene_file(const std::string& name_or_file, std::span<const std::string> overrides,
                          Folders folders) {
    const Place place = found(name_or_file, folders);
    const fs::path& file = place.file;
    SceneFile scene{file.stem().string(), file.string(), content_of(place), {}};
    if (!scene.content.is_object()) throw ConfigError(file.string(), "", "a scene is an object in braces.");
    for (const std::string& assignment : overrides) override_key(scene.content, assignment);
    scene.pictures.folder = file.parent_path();
    scene.pictures.built_in = place.built_in != nullptr;
    return scene;
}

World make_world(SceneFile& scene) {
    const Node root(scene.content, scene.source);
    auto world = read_world(root, scene.name, scene.pictures);
    check_names(root, world);
    return world;
}

nlohmann::json scene_schema() {
    ObjectSchema schema;
    Pictures any;
    any.uploaded[std::string(Node::kRecordedText)] = targets::Picture::black();
    (void)read_world(Node::recording(schema), "scene", any);
    return schema.made();
}

World load(const std::string& name_or_file, std::span<const std::string> overrides, Folders folders) {
    auto scene = read_scene_file(name_or_file, overrides, folders);
    return make_world(scene);
}

}  // namespace scenes
