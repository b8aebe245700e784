#include "emulator/testbench/http/schema.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "emulator/testbench/http/route.h"

namespace emulator::testbench {
namespace {

using nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

const json& components() {
    static const json all = [] {
        auto list = json::object();
        for (const auto& schema : schemas()) list[std::string(schema.name)] = json::parse(schema.text);
        return list;
    }();
    return all;
}

/// What is expected below a schema under a key or an index; null where anything is, or nothing.
const json* below(const json& schema, const std::string& step) {
    const auto& here = resolved(schema);
    if (const auto found = here.find("properties"); found != here.end() && found->contains(step))
        return &found->at(step);
    if (const auto items = here.find("items"); items != here.end() && items->is_object()) return &*items;
    for (const auto* kind : {"oneOf", "anyOf", "allOf"}) {
        if (!here.contains(kind)) continue;
        for (const auto& one : here.at(kind))
            if (const auto* found = below(one, step)) return found;
    }
    return nullptr;
}

/// The steps to the value concerned: "<root>", "[bounce]", "[times]" is bounce and times.
std::vector<std::string> steps(const std::vector<std::string>& context) {
    std::vector<std::string> keys;
    for (std::size_t i = 1; i < context.size(); ++i)
        keys.push_back(context[i].substr(1, context[i].size() - 2));
    return keys;
}

/// The key that stands in quotation marks at the end of a sentence, after these words.
std::string key_after(const std::string& sentence, std::string_view words) {
    const auto begin = sentence.find(words), end = sentence.rfind('\'');
    if (begin == std::string::npos) return "";
    return sentence.substr(begin + words.size(), end - begin - words.size());
}

std::string number_text(const json& number) {
    return number.is_number_float() && number == std::floor(number.get<double>()) &&
                   std::abs(number.get<double>()) < 1e15
               ? std::to_string(static_cast<std::int64_t>(number.get<double>()))
               : number.dump();
}

std::string range_text(const json& schema, const char* least, const char* most) {
    const auto from = schema.find(least), to = schema.find(most);
    if (from != schema.end() && to != schema.end())
        return " from " + number_text(*from) + " to " + number_text(*to);
    if (from != schema.end()) return " of at least " + number_text(*from);
    return to == schema.end() ? "" : " of at most " + number_text(*to);
}

std::string choices(const json& values) {
    std::string text;
    for (const auto& value : values)
        text += (text.empty() ? "" : ", ") + (value.is_string() ? value.get<std::string>() : value.dump());
    return text;
}

[[noreturn]] void refuse(const valijson::ValidationResults::Error& error, const json& schema,
                         const std::string& whole) {
    auto keys = steps(error.context);
    const auto missing = key_after(error.description, "Missing required property '");
    const auto unknown = key_after(error.description, "'additionalProperties' constraints: '");
    if (!(missing + unknown).empty()) keys.push_back(missing + unknown);
    std::string path;
    const auto* expected = &schema;
    for (const auto& key : keys) {
        path += (path.empty() ? "" : ".") + key;
        if (expected != nullptr) expected = below(*expected, key);
    }
    if (path.empty()) path = whole;
    if (!unknown.empty()) throw Problem(kBadRequest, path, "this key is not known here.");
    const auto what = expected == nullptr ? "another value" : JsonSchema::expectation(*expected);
    throw Problem(kBadRequest, path, (missing.empty() ? "" : "it is missing; ") + what + " is expected.");
}

}  // namespace

const json& resolved(const json& schema) {
    constexpr std::string_view kBegin = "#/components/schemas/";
    const auto reference = schema.find("$ref");
    return reference == schema.end() ? schema
                                     : components().at(reference->get<std::string>().substr(kBegin.size()));
}

JsonSchema::JsonSchema(std::string_view text)
    : text_(std::make_shared<json>(text.empty() ? json{{"type", "object"}} : json::parse(text))),
      compiled_(std::make_unique<valijson::Schema>()) {
    if (text.empty()) (*text_)["additionalProperties"] = false;
    auto whole = *text_;
    whole["components"]["schemas"] = components();
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(whole), *compiled_);
}

JsonSchema::~JsonSchema() = default;
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;

void JsonSchema::check(const json& value, const std::string& whole) const {
    valijson::ValidationResults results;
    if (valijson::Validator().validate(*compiled_, Adapter(value), &results)) return;
    valijson::ValidationResults::Error first;
    results.popError(first);
    refuse(first, *text_, whole);
}

const json* JsonSchema::of(const std::string& key) const { return below(*text_, key); }

std::string JsonSchema::expectation(const json& schema) {
    const auto& here = resolved(schema);
    if (here.contains("const")) return choices(json::array({here["const"]}));
    if (here.contains("enum")) return "one of " + choices(here["enum"]);
    for (const auto* kind : {"oneOf", "anyOf"}) {
        if (!here.contains(kind)) continue;
        std::string text;
        for (const auto& one : here[kind]) text += (text.empty() ? "" : ", or ") + expectation(one);
        return text;
    }
    const auto type = here.value("type", json());
    if (type.is_array()) {
        std::string text;
        for (const auto& one : type) {
            auto alone = here;
            alone["type"] = one;
            text += (text.empty() ? "" : ", or ") + expectation(alone);
        }
        return text;
    }
    if (type == "boolean") return "true or false";
    if (type == "integer") return "a whole number" + range_text(here, "minimum", "maximum");
    if (type == "number") return "a number" + range_text(here, "minimum", "maximum");
    if (type == "string") {
        const auto length = range_text(here, "minLength", "maxLength");
        return "a text" + (length.empty() ? "" : length + " bytes");
    }
    if (type == "array") {
        const auto count = range_text(here, "minItems", "maxItems");
        return "a list" + (count.empty() ? "" : count + " items") +
               (here.contains("items") && here["items"].is_object() ? " of " + expectation(here["items"])
                                                                    : "");
    }
    return type == "null" ? "null" : type == "object" ? "an object" : "a value";
}

}  // namespace emulator::testbench
