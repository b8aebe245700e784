#include "tests/fuzz/nearly_fitting.h"

#include <algorithm>

#include "emulator/features/table.h"
#include "scenes/load/scene_file.h"

namespace fuzz {
namespace {

using nlohmann::json;

constexpr int kDeepest = 12;
constexpr std::uint64_t kItemsMost = 4;

bool now_and_then(Source& source) { return source.number(1) % 32 == 1; }

std::vector<std::string> make_words() {
    std::vector<std::string> words{"",     "camera",   "lamp", "#808080", "FL11",
                                   "a\nb", "\xff\xfe", "../x", "0",       "NaN"};
    for (const auto& name : scenes::names()) words.push_back(name);
    for (const auto& category : emulator::features::table())
        for (const auto& feature : category.features) words.emplace_back(feature.info.name);
    return words;
}

std::string type_of(Source& source, const json& schema) {
    const auto types = schema.value("type", json(schema.contains("properties") ? "object" : ""));
    return types.is_array() ? types[source.number(1) % types.size()] : types;
}

json number(Source& source, const json& schema, bool whole) {
    const double least = schema.value("minimum", -1e9), most = schema.value("maximum", 1e9);
    const double step = whole ? 1 : (most - least) * 1e-6;
    const double part = static_cast<double>(source.number(2)) / 65535;
    const double inside = least + part * (most - least);
    const std::array values{least, most, inside, inside, std::clamp(0.0, least, most)};
    const auto pick = source.number(1);
    const double value = pick == 1 ? least - step : pick == 2 ? most + step : values[pick % values.size()];
    return whole ? json(static_cast<std::int64_t>(std::clamp(value, -9e18, 9e18))) : json(value);
}

json object(Source& source, const json& schema, int depth);

json value(Source& source, const json& schema, int depth) {
    if (depth > kDeepest || !schema.is_object() || now_and_then(source)) return any_value(source);
    for (const char* choice : {"anyOf", "oneOf"}) {
        if (!schema.contains(choice)) continue;
        const auto& all = schema[choice];
        return value(source, all[source.number(1) % all.size()], depth + 1);
    }
    if (schema.contains("enum")) return schema["enum"][source.number(2) % schema["enum"].size()];
    const auto type = type_of(source, schema);
    if (type == "number" || type == "integer") return number(source, schema, type == "integer");
    if (type == "boolean") return source.number(1) % 2 == 1;
    if (type == "string") return any_word(source);
    if (type == "object") return object(source, schema, depth);
    if (type != "array") return any_value(source);
    auto items = json::array();
    const auto least = schema.value("minItems", std::uint64_t{0});
    const auto most = std::min(schema.value("maxItems", kItemsMost), least + kItemsMost);
    for (auto left = least + source.number(1) % (most - least + 1); left > 0; --left)
        items.push_back(value(source, schema.value("items", json::object()), depth + 1));
    return items;
}

json object(Source& source, const json& schema, int depth) {
    auto made = json::object();
    const auto needed = schema.value("required", json::array());
    const auto properties = schema.value("properties", json::object());
    for (const auto& [key, of] : properties.items()) {
        const json name = key;
        const bool required = std::count(needed.begin(), needed.end(), name) > 0;
        if (required ? !now_and_then(source) : source.number(1) % 4 == 1)
            made[key] = value(source, of, depth + 1);
    }
    const auto others = schema.value("additionalProperties", json(false));
    if (others.is_object() || now_and_then(source)) made[any_word(source)] = value(source, others, depth + 1);
    return made;
}

}  // namespace

json any_value(Source& source, int depth) {
    constexpr std::array kNumbers{0.0, 1.0,          -1.0, 0.5,  20.0,  1000.0,
                                  1e6, 4294967296.0, 9e15, 1e19, 1e300, -1e300};
    switch (source.number(1) % (depth > 3 ? 5 : 7)) {
        case 0:
            return any_word(source);
        case 1:
            return kNumbers[source.number(1) % kNumbers.size()];
        case 2:
            return static_cast<std::int64_t>(source.number(8));
        case 3:
            return source.number(1) % 2 == 1;
        case 4:
            return nullptr;
        case 5:
            return json::array({any_value(source, depth + 1), any_value(source, depth + 1)});
        default:
            return json{{any_word(source), any_value(source, depth + 1)}};
    }
}

std::string any_word(Source& source) {
    static const auto words = make_words();
    if (source.number(1) % 4 != 0) return words[source.number(2) % words.size()];
    const auto bytes = source.take(source.number(1) % 24);
    return {bytes.begin(), bytes.end()};
}

json nearly_fitting(Source& source, const json& schema) { return value(source, schema, 0); }

json nearly_fitting_file(Source& source, const json& schema) {
    const auto made = nearly_fitting(source, schema);
    return json::parse(made.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace fuzz
