#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "scenes/load/pictures.h"
#include "scenes/world.h"

namespace scenes {

/// A scene as its file says it, and as changes of it are judged.
struct SceneFile {
    std::string name;
    std::string source;      // the file, for errors
    nlohmann::json content;  // after overrides
    Pictures pictures;
};

/// The scene of a name or a file; see `load` in world.h. Throws ConfigError.
[[nodiscard]] SceneFile read_scene_file(const std::string& name_or_file,
                                        std::span<const std::string> overrides, Folders folders = {});

/// The world of a scene. Throws ConfigError with the key that is wrong.
[[nodiscard]] World make_world(SceneFile&);

/// The camera's pose as the key `camera_pose` of a scene says it. Throws ConfigError.
[[nodiscard]] Motion read_camera_pose(const nlohmann::json&, const std::string& source);

/// Changes the content as a JSON merge patch (RFC 7396) does, with one addition: where a list stands, an
/// object patches its elements, each under its name, kind or index, and null removes one. Throws ConfigError
/// if there is no such element.
void apply_patch(nlohmann::json& content, const nlohmann::json& patch);

/// The element of a list that has this name, or failing that this kind, or else this index; null if there is
/// none.
[[nodiscard]] nlohmann::json* find_element(nlohmann::json& list, const std::string& name);

/// JSON Schema of scene files, made by their reader.
[[nodiscard]] nlohmann::json scene_schema();

}  // namespace scenes
