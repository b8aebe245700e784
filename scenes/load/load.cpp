#include <algorithm>
#include <fstream>
#include <sstream>

#include "scenes/load/loading.h"

namespace scenes {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kNames[] = {
    "flat_field", "lens_cap",     "colour_chart", "slanted_edge", "siemens_star", "grey_steps",
    "dot_grid",   "checkerboard", "point_lights", "depth_range",  "conveyor",     "picture",
};

/// A scene's name, or a file: whatever has a folder or an extension in it.
fs::path found(const std::string& name_or_file, Folders folders) {
    std::error_code error;
    fs::path file = name_or_file;
    if (file.has_extension() || file.has_parent_path()) {
        if (fs::is_regular_file(file, error)) return file;
        throw ConfigError(name_or_file, "", "this scene file does not exist.");
    }
    for (const fs::path& folder : folders)
        if (fs::path candidate = folder / (name_or_file + ".json"); fs::is_regular_file(candidate, error))
            return candidate;
    std::string list;
    for (const std::string_view name : kNames) list += (list.empty() ? "" : ", ") + std::string(name);
    throw ConfigError(name_or_file, "",
                      "no scene has this name; the scenes are " + list + ", or give a file.");
}

/// "line 3, column 7" out of the parser's message.
std::string place_in(const std::string& message) {
    const auto from = message.find("line "), to = message.find(':', from);
    return from == std::string::npos ? "" : message.substr(from, to - from);
}

json content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw ConfigError(file.string(), "", "this file cannot be read.");
    try {
        return json::parse(stream, nullptr, true, true);
    } catch (const json::exception& error) {
        throw ConfigError(file.string(), place_in(error.what()),
                          "this is not JSON: a comma, quote or bracket is missing or too many.");
    }
}

std::vector<Node> lamp_nodes(const Node& root) {
    const json* there = root.value("light");
    if (there != nullptr && there->is_array()) {
        if (there->empty()) root.unfit("light", "At least one lamp");
        return root.objects("light");
    }
    return {root.object("light")};
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

World read_world(const json& content, const fs::path& file) {
    const Node root(content, file.string());
    World world;
    world.name = file.stem().string();
    world.title = root.text_or("title", world.name);
    world.seed = static_cast<std::uint64_t>(root.number_or("seed", {0, 9e15}, 1));
    LampShapes lamps;
    for (const Node& node : lamp_nodes(root))
        world.lamps.push_back(read_lamp(node, lamps.shapes.emplace_back()));
    world.background.reflectance = light::constant(0.05);
    if (root.has("background")) world.background = read_background(root.object("background"));
    if (root.has("camera")) world.camera = read_camera(root.object("camera"));
    if (root.has("conveyor")) world.conveyor = read_conveyor(root.object("conveyor"));
    for (const Node& node : root.objects("items"))
        world.items.push_back(read_item(node, lamps, file.parent_path()));
    root.done();
    check_names(root, world);
    return world;
}

/// The element of a list that has this name, or failing that this kind, or else this index; null if there is
/// none.
json* element_of(json& list, const std::string& step) {
    for (const char* key : {"name", "kind"})
        for (json& element : list)
            if (element.is_object() && element.contains(key) && element[key] == step) return &element;
    const bool index =
        !step.empty() && step.size() < 6 && step.find_first_not_of("0123456789") == std::string::npos;
    return index && std::stoul(step) < list.size() ? &list[std::stoul(step)] : nullptr;
}

}  // namespace

std::vector<std::string> names() { return {std::begin(kNames), std::end(kNames)}; }

void override_key(json& content, const std::string& assignment) {
    const auto equals = assignment.find('=');
    const std::string key = assignment.substr(0, equals);
    if (equals == std::string::npos || key.empty())
        throw ConfigError("--set-scene", assignment, "KEY=VALUE is expected.");
    const std::string text = assignment.substr(equals + 1);
    json value = json::parse(text, nullptr, false);
    if (value.is_discarded()) value = text;

    json* at = &content;
    std::istringstream path(key);
    for (std::string step; std::getline(path, step, '.');) {
        if (at->is_array()) {
            at = element_of(*at, step);
            if (at == nullptr)
                throw ConfigError("--set-scene", key, "there is no item \"" + step + "\" in this scene.");
        } else if (at->is_object() || at->is_null()) {
            at = &(*at)[step];
        } else {
            throw ConfigError("--set-scene", key, "there is nothing below \"" + step + "\" to set.");
        }
    }
    *at = std::move(value);
}

World load(const std::string& name_or_file, std::span<const std::string> overrides, Folders folders) {
    const fs::path file = found(name_or_file, folders);
    json content = content_of(file);
    if (!content.is_object()) throw ConfigError(file.string(), "", "a scene is an object in braces.");
    for (const std::string& assignment : overrides) override_key(content, assignment);
    return read_world(content, file);
}

}  // namespace scenes
