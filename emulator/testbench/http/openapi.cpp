#include "emulator/testbench/http/openapi.h"

#include <algorithm>

#include "emulator/testbench/http/schema.h"

namespace emulator::testbench {
namespace {

constexpr std::string_view kOne = "/api/v1/camera", kAny = "/api/v1/cameras/{serial}";

bool is_of_camera(std::string_view path) { return path == kOne || path.starts_with(std::string(kOne) + "/"); }

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return lower;
}

/// "getCameraLines" of GET /api/v1/camera/lines.
std::string operation_id(const Route& route, bool any_camera) {
    auto id = lower_case(route.method);
    bool begins = true;
    auto path = std::string(route.path.starts_with("/api/v1/") ? route.path.substr(8) : route.path.substr(1));
    if (any_camera) path = "cameras" + path.substr(std::string_view("camera").size());
    for (const char c : path) {
        const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (letter) id += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        begins = !letter;
    }
    return id;
}

bool requires_key(const Json& schema, const std::string& key) {
    const auto required = schema.value("required", Json::array());
    for (const auto& one : required)
        if (one == key) return true;
    return false;
}

Json parameters_of(const Route& route, std::string_view path) {
    auto list = Json::array();
    for (auto begin = path.find('{'); begin != path.npos; begin = path.find('{', begin + 1))
        list.push_back({{"name", path.substr(begin + 1, path.find('}', begin) - begin - 1)},
                        {"in", "path"},
                        {"required", true},
                        {"schema", {{"type", "string"}}}});
    if (route.query.empty()) return list;
    const auto schema = Json::parse(route.query);
    for (const auto& [key, value] : schema.at("properties").items())
        list.push_back(
            {{"name", key}, {"in", "query"}, {"required", requires_key(schema, key)}, {"schema", value}});
    return list;
}

Json content(std::string_view types, std::string_view schema) {
    Json all = Json::object();
    for (auto left = types; !left.empty();) {
        const auto comma = std::min(left.find(", "), left.size());
        const auto type = std::string(left.substr(0, comma));
        all[type] = Json::object();
        if (!schema.empty() && type == "application/json") all[type]["schema"] = Json::parse(schema);
        left.remove_prefix(std::min(comma + 2, left.size()));
    }
    return all;
}

Json operation_of(const Route& route, std::string_view path, bool any_camera) {
    Json operation{{"operationId", operation_id(route, any_camera)},
                   {"summary", route.summary},
                   {"parameters", parameters_of(route, path)}};
    if (!route.body.empty() || route.accepts != "application/json")
        operation["requestBody"] = {{"required", true}, {"content", content(route.accepts, route.body)}};
    operation["responses"] = {
        {"200", {{"description", "done"}, {"content", content(route.serves, route.answer)}}},
        {"default",
         {{"description", "refused, and nothing changed"},
          {"content",
           {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}};
    if (route.open) operation["security"] = Json::array();
    return operation;
}

void add_keys(const Json& schema, const std::string& path, std::string& text) {
    const auto properties = schema.value("properties", Json::object());
    for (const auto& [key, value] : properties.items()) {
        const nlohmann::json full = resolved(nlohmann::json(value));
        const bool must = requires_key(schema, key);
        text.append("| `").append(path).append(key).append("` | ");
        text.append(JsonSchema::expectation(full)).append(" | ");
        text += must ? "required" : full.contains("default") ? full["default"].dump() : "";
        text += " | " + value.value("description", full.value("description", "")) + " |\n";
        if (full.contains("properties")) add_keys(Json(full), path + key + ".", text);
    }
}

std::string keys_table(std::string_view what, std::string_view schema) {
    if (schema.empty()) return "";
    std::string rows;
    const auto parsed = nlohmann::json::parse(schema);
    add_keys(Json(resolved(parsed)), "", rows);
    if (rows.empty()) return "";
    return "\n| " + std::string(what) + " | Is | Default | |\n|---|---|---|---|\n" + rows;
}

}  // namespace

Json openapi_document() {
    Json paths = Json::object(), components = Json::object();
    for (const auto& route : route_table()) {
        const auto path = std::string(route.path), method = lower_case(route.method);
        paths[path][method] = operation_of(route, path, false);
        if (!is_of_camera(path)) continue;
        const auto any = std::string(kAny) + path.substr(kOne.size());
        paths[any][method] = operation_of(route, any, true);
    }
    for (const auto& schema : schemas()) components[std::string(schema.name)] = Json::parse(schema.text);
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "gigemu"},
              {"version", "1"},
              {"summary", "Test bench of an emulated GigE Vision camera"},
              {"description", "From 1.0 on, answers may gain keys and lose none."}}},
            {"servers", {{{"url", "/"}}}},
            {"security", {Json::object(), {{"token", Json::array()}}}},
            {"paths", std::move(paths)},
            {"components",
             {{"schemas", std::move(components)},
              {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

std::string routes_markdown() {
    std::string text;
    for (const auto& route : route_table()) {
        text += "\n### `" + std::string(route.method) + " " + std::string(route.path) + "`\n\n" +
                std::string(route.summary) + ".";
        if (route.accepts != "application/json") text += " Body: " + std::string(route.accepts) + ".";
        if (route.serves != "application/json") text += " Answer: " + std::string(route.serves) + ".";
        text += "\n" + keys_table("Query", route.query) + keys_table("Body", route.body);
    }
    return text;
}

}  // namespace emulator::testbench
