#pragma once

#include <filesystem>
#include <string>

#include "scenes/json/json_reader.h"
#include "scenes/load/scene_file.h"
#include "scenes/world.h"

/// Steps of reading a scene file; `load` in world.h and `scene_file.h` are the interface.
namespace scenes {

struct LampShapes {
    std::vector<light::Spectrum> shapes;  // of each lamp, for light sources among the items
};

/// Sets one "dotted.key=value" in the file's content. Throws if the path leads nowhere.
void override_key(nlohmann::json& content, const std::string& assignment);

/// What tells lamps and items of different keys apart.
[[nodiscard]] Kinds lamp_kinds();
[[nodiscard]] Kinds item_kinds();

[[nodiscard]] light::Lamp read_lamp(const Node&, light::Spectrum& shape);

/// A reflectance: a number, the name of a material or chart patch, or "#rrggbb".
[[nodiscard]] light::Spectrum read_reflectance(const Node&, const std::string& key, double otherwise);

/// Where something is and how it moves; `position_m` is where it is without the key.
[[nodiscard]] Motion read_motion(const Node&, Vec3 position_m);
[[nodiscard]] Item read_item(const Node&, const LampShapes&, Pictures&);
[[nodiscard]] targets::Picture read_picture(const Node&, Pictures&);
[[nodiscard]] Conveyor read_conveyor(const Node&);

}  // namespace scenes
