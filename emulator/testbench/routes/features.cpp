#include "emulator/features/describe.h"
#include "emulator/features/user_set.h"
#include "emulator/net/interface.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/feature_access.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;

/// The value of a query is a text: an entry's name, or a number.
json selector_of(const json& text) {
    const auto number = json::parse(text.get<std::string>(), nullptr, false);
    return number.is_number() ? number : text;
}

Answer list_features(Call& call) {
    const auto category = call.query.value("category", "");
    return {.body = call.on_camera([&](Bench& bench) -> Json {
        auto list = Json::array();
        for (const auto& one : all_features(bench.camera()))
            if (category.empty() || one.category->name == category)
                list.push_back(feature_to_json(bench.camera(), one));
        return {{"features", std::move(list)}};
    })};
}

Answer get_feature(Call& call) {
    return {.body = call.on_camera([&](Bench& bench) {
        const auto one = find_feature(bench.camera(), call.path["name"]);
        std::optional<SelectorAt> at;
        if (call.query.contains("selector"))
            at.emplace(bench.camera(), *one.feature, selector_of(call.query["selector"]));
        return feature_to_json(bench.camera(), one);
    })};
}

/// A client that has control must not be surprised.
void need_permission(const Bench& bench, const json& body) {
    const auto& control = bench.camera().device.control;
    if (!control.taken() || body.value("override", false)) return;
    throw Problem(kConflict, "override",
                  net::dotted(control.owner().ip) + ":" + std::to_string(control.owner().port) +
                      " has control of the camera; true is expected to write all the same.");
}

Answer put_feature(Call& call) {
    return {.body = call.on_camera([&](Bench& bench) {
        auto& camera = bench.camera();
        const auto one = find_feature(camera, call.path["name"]);
        need_permission(bench, call.body);
        std::optional<SelectorAt> at;
        if (call.body.contains("selector")) at.emplace(camera, *one.feature, call.body["selector"]);
        write_feature(camera, *one.feature, call.body.value("value", json()));
        return feature_to_json(camera, one);
    })};
}

/// A name of a user set: "Gain", or "BalanceRatio[Red]".
Json difference(const Camera& camera, const std::string& name, const features::Value& value,
                const features::Value& saved) {
    const auto bracket = name.find('[');
    const auto feature = name.substr(0, bracket);
    const auto& type = find_feature(camera, feature).feature->info.type;
    Json one{{"feature", feature}};
    if (bracket != std::string::npos) one["selected"] = name.substr(bracket + 1, name.size() - bracket - 2);
    one["value"] = features::to_json(type, value);
    one["saved"] = features::to_json(type, saved);
    return one;
}

Answer get_user_set(Call& call) {
    return {.body = call.on_camera([](Bench& bench) -> Json {
        auto& camera = bench.camera();
        const auto number = camera.user_sets.at_power_up;
        const auto saved = camera.user_set(number);
        auto differs = Json::array();
        for (const auto& [name, value] : features::configuration(camera))
            if (const auto at = saved.find(name); at != saved.end() && at->second != value)
                differs.push_back(difference(camera, name, value, at->second));
        return {{"user_set", number == 0 ? "Default" : "UserSet" + std::to_string(number)},
                {"differs", std::move(differs)}};
    })};
}

constexpr std::string_view kFeature = R"({"$ref": "#/components/schemas/Feature"})";

constexpr Route kFeatureRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/features",
     .summary = "All features of the description file, in its order",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "category": {"type": "string", "description": "those of this category"}}})",
     .answer = R"({"type": "object", "required": ["features"], "properties": {
         "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}}}})",
     .act = list_features},
    {.method = "GET",
     .path = "/api/v1/camera/features/{name}",
     .summary = "A feature: value, type, limits of this moment, lock and its reason",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "selector": {"type": "string", "description":
             "with its selector at this entry or number; the selector itself stays as it is"}}})",
     .answer = kFeature,
     .act = get_feature},
    {.method = "PUT",
     .path = "/api/v1/camera/features/{name}",
     .summary = "Writes a feature by the rules that clients are judged by, or executes a command",
     .body = R"({"type": "object", "additionalProperties": false, "properties": {
         "value": {"description":
             "number, true or false, text, name of an entry, hexadecimal digits; nothing for a command"},
         "selector": {"type": ["string", "number"], "description": "with its selector at this entry or number"},
         "override": {"type": "boolean", "default": false, "description":
             "also while a client has control"}}})",
     .answer = kFeature,
     .act = put_feature},
    {.method = "GET",
     .path = "/api/v1/camera/user_set",
     .summary = "What differs from the user set that is loaded at power-up",
     .answer = R"({"type": "object", "required": ["user_set", "differs"], "properties": {
         "user_set": {"type": "string"},
         "differs": {"type": "array", "items": {"type": "object", "required": ["feature", "value", "saved"],
             "properties": {"feature": {"type": "string"},
             "selected": {"type": "string", "description": "the entry or number of its selector"},
             "value": {"description": "now"}, "saved": {"description": "in the user set"}}}}}})",
     .act = get_user_set},
};

}  // namespace

std::span<const Route> features() { return kFeatureRows; }

}  // namespace emulator::testbench::routes
