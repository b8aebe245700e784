#include "scenes/json/json_schema.h"

#include <algorithm>

namespace scenes {
namespace {

using nlohmann::json;

/// Kinds of equal schema become one, in which the key has any of their names.
json any_kind(const Kinds& kinds, const std::vector<json>& of_kind) {
    if (kinds.names.empty()) return of_kind.front();
    std::vector<std::pair<json, std::vector<std::string_view>>> groups;
    for (std::size_t i = 0; i < of_kind.size(); ++i) {
        const auto same =
            std::ranges::find(groups, of_kind[i], [](const auto& group) { return group.first; });
        if (same == groups.end())
            groups.push_back({of_kind[i], {kinds.names[i]}});
        else
            same->second.push_back(kinds.names[i]);
    }
    auto list = json::array();
    for (auto& [schema, names] : groups) {
        schema["properties"][kinds.key] = {{"enum", names}};
        if (std::ranges::find(names, kinds.otherwise) == names.end()) schema["required"].push_back(kinds.key);
        list.push_back(std::move(schema));
    }
    return list.size() == 1 ? list[0] : json{{"anyOf", std::move(list)}};
}

}  // namespace

json number_schema(Bounds bounds) {
    json schema{{"type", "number"}, {"minimum", bounds.min}};
    if (!bounds.max_varies) schema["maximum"] = bounds.max;
    return schema;
}

void ObjectSchema::note(const std::string& key, json schema) {
    const bool asked = schema_.contains("properties") && schema_["properties"].contains(key);
    if (!asked) schema_["required"].push_back(key);
    property(key) = std::move(schema);
}

std::string ObjectSchema::choose(const std::string& key, const std::vector<std::string_view>& names) {
    const auto properties = schema_.find("properties");
    if (properties != schema_.end() && properties->contains(key) && (*properties)[key].contains("const"))
        return (*properties)[key]["const"];
    note(key, {{"enum", names}});
    return std::string(names.front());
}

void ObjectSchema::exclude(const std::string& a, const std::string& b) {
    schema_["allOf"].push_back({{"not", {{"required", {a, b}}}}});
}

ObjectSchema& ObjectSchema::object(const std::string& key) {
    note(key, {});
    return *objects_.try_emplace(key, std::make_unique<ObjectSchema>()).first->second;
}

std::vector<ObjectSchema*> ObjectSchema::objects(const std::string& key, const Kinds& kinds, Form form) {
    if (form == Form::one_or_more)
        note(key, {});
    else
        optional(key);
    Objects list{form, kinds, {}};
    std::vector<ObjectSchema*> readers;
    for (std::size_t i = 0; i < std::max<std::size_t>(kinds.names.size(), 1); ++i) {
        readers.push_back(list.of_kind.emplace_back(std::make_unique<ObjectSchema>()).get());
        if (!kinds.names.empty()) readers.back()->property(kinds.key) = {{"const", kinds.names[i]}};
    }
    lists_[key] = std::move(list);
    return readers;
}

json ObjectSchema::made() const {
    json made = schema_;
    for (const auto& [key, object] : objects_) made["properties"][key] = object->made();
    for (const auto& [key, list] : lists_) {
        std::vector<json> of_kind;
        for (const auto& one : list.of_kind) {
            of_kind.push_back(one->made());
            if (!list.kinds.names.empty()) of_kind.back()["properties"].erase(list.kinds.key);
        }
        auto element = any_kind(list.kinds, of_kind);
        if (list.form == Form::list) {
            made["properties"][key] = {{"type", "array"}, {"items", std::move(element)}};
        } else {
            json several{{"type", "array"}, {"minItems", 1}, {"items", element}};
            made["properties"][key] = {{"anyOf", {std::move(element), std::move(several)}}};
        }
    }
    return made;
}

}  // namespace scenes
