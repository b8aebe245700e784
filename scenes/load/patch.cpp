#include <algorithm>
#include <set>

#include "scenes/load/scene_file.h"

namespace scenes {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 16;  // of a patch; scenes have five levels

void merge(json& target, const json& patch, const std::string& path, int depth);

std::string below(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

/// Each key addresses an element of the list as it was before.
void merge_elements(json& list, const json& patch, const std::string& path, int depth) {
    std::set<std::size_t> removed;
    std::vector<std::pair<std::string, json*>> elements;
    for (const auto& [name, change] : patch.items()) {
        json* element = find_element(list, name);
        if (element == nullptr)
            throw ConfigError("body", below(path, name), "there is no \"" + name + "\" in this list.");
        elements.emplace_back(name, element);
        if (change.is_null()) removed.insert(static_cast<std::size_t>(element - &list[0]));
    }
    for (const auto& [name, element] : elements)
        if (!patch[name].is_null()) merge(*element, patch[name], below(path, name), depth + 1);
    for (auto index = removed.rbegin(); index != removed.rend(); ++index) list.erase(*index);
}

void merge(json& target, const json& patch, const std::string& path, int depth) {
    if (depth > kDepthMax) throw ConfigError("body", path, "this is nested too deeply.");
    if (!patch.is_object()) {
        target = patch;
    } else if (target.is_array()) {
        merge_elements(target, patch, path, depth);
    } else {
        if (!target.is_object()) target = json::object();
        for (const auto& [key, change] : patch.items()) {
            if (change.is_null())
                target.erase(key);
            else
                merge(target[key], change, below(path, key), depth + 1);
        }
    }
}

}  // namespace

json* find_element(json& list, const std::string& name) {
    for (const char* key : {"name", "kind"})
        for (json& element : list)
            if (element.is_object() && element.contains(key) && element[key] == name) return &element;
    const bool index =
        !name.empty() && name.size() < 6 && name.find_first_not_of("0123456789") == std::string::npos;
    return index && std::stoul(name) < list.size() ? &list[std::stoul(name)] : nullptr;
}

void apply_patch(json& content, const json& patch) { merge(content, patch, "", 0); }

}  // namespace scenes
