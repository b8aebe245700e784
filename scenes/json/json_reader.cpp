#include "scenes/json/json_reader.h"

#include <algorithm>
#include <cmath>
#include <regex>
#include <sstream>

namespace scenes {
namespace {

using nlohmann::json;

std::string list_of(const std::vector<std::string_view>& names) {
    std::string list;
    for (const auto name : names) list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

std::string written(double number) {
    std::ostringstream out;
    out.precision(12);
    out << number;
    return out.str();
}

std::string range_of(Bounds bounds) {
    std::string range = "from " + written(bounds.min) + " to " + written(bounds.max);
    if (!bounds.unit.empty()) range += " (" + std::string(bounds.unit) + ")";
    return range;
}

/// What was found, short enough for one sentence.
std::string quoted(const json& value) {
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return text;
}

/// Length of the common prefix: units stand last, so a wrong unit is recognised.
std::size_t alike(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(
        std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
                      b.begin())
            .first -
        a.begin());
}

std::string advice(const std::string& unknown, const std::set<std::string>& known) {
    const auto best = std::max_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
        return alike(unknown, a) < alike(unknown, b);
    });
    if (best != known.end() && alike(unknown, *best) >= 4) return "\"" + *best + "\" is perhaps meant";
    std::string list;
    for (const std::string& key : known) list += (list.empty() ? "" : ", ") + key;
    return "the keys here are " + list;
}

}  // namespace

Node::Node(const json& value, std::string file, std::string path)
    : value_(&value),
      file_(std::move(file)),
      path_(std::move(path)),
      asked_(std::make_shared<std::set<std::string>>()) {
    if (!value.is_object())
        wrong("", "an object in braces is expected, but " + quoted(value) + " was found.");
}

Node Node::recording(ObjectSchema& schema) { return Node(schema); }

std::string Node::path_of(const std::string& key) const {
    return path_.empty() ? key : key.empty() ? path_ : path_ + "." + key;
}

void Node::wrong(const std::string& key, const std::string& sentence) const {
    throw ConfigError(file_, path_of(key), sentence);
}

void Node::unfit(const std::string& key, const std::string& expected) const {
    const json* there = value(key);
    if (there == nullptr) wrong(key, expected + " is expected here, but the key is missing.");
    wrong(key, expected + " is expected, but " + quoted(*there) + " was found.");
}

const json* Node::value(const std::string& key) const {
    asked_->insert(key);
    const auto found = value_->find(key);
    return found == value_->end() ? nullptr : &*found;
}

const json* Node::any(const std::string& key) const {
    if (schema_ == nullptr) return value(key);
    schema_->optional(key);
    schema_->note(key, json::object());
    return nullptr;
}

bool Node::has(const std::string& key) const {
    if (schema_ != nullptr) schema_->optional(key);
    return schema_ != nullptr || value(key) != nullptr;
}

double Node::checked(const std::string& key, const json& value, Bounds bounds,
                     const std::string& what) const {
    if (!value.is_number()) unfit(key, what + " " + range_of(bounds));
    const double number = value.get<double>();
    if (!(number >= bounds.min && number <= bounds.max)) unfit(key, what + " " + range_of(bounds));
    return number;
}

double Node::number(const std::string& key, Bounds bounds) const {
    if (schema_ != nullptr) {
        schema_->note(key, number_schema(bounds));
        return bounds.min;
    }
    const json* there = value(key);
    if (there == nullptr) unfit(key, "A number " + range_of(bounds));
    return checked(key, *there, bounds, "A number");
}

double Node::number_or(const std::string& key, Bounds bounds, double otherwise) const {
    if (!has(key)) return otherwise;
    const double number = this->number(key, bounds);
    return schema_ != nullptr ? otherwise : number;
}

int Node::whole(const std::string& key, Bounds bounds) const {
    const double number = this->number(key, bounds);
    if (schema_ != nullptr) schema_->whole(key);
    if (number != std::floor(number)) unfit(key, "A whole number " + range_of(bounds));
    return static_cast<int>(number);
}

int Node::whole_or(const std::string& key, Bounds bounds, int otherwise) const {
    if (!has(key)) return otherwise;
    const int number = whole(key, bounds);
    return schema_ != nullptr ? otherwise : number;
}

std::string Node::text(const std::string& key) const {
    if (schema_ != nullptr) {
        schema_->note(key, {{"type", "string"}});
        return std::string(kRecordedText);
    }
    const json* there = value(key);
    if (there == nullptr || !there->is_string()) unfit(key, "A text in quotes");
    return there->get<std::string>();
}

std::string Node::text_or(const std::string& key, const std::string& otherwise) const {
    if (!has(key)) return otherwise;
    auto text = this->text(key);
    return schema_ != nullptr ? otherwise : text;
}

std::string Node::text_or(const std::string& key, const std::string& otherwise, std::size_t bytes_max) const {
    auto text = text_or(key, otherwise);
    if (schema_ != nullptr) schema_->note(key, {{"type", "string"}, {"maxLength", bytes_max}});
    if (text.size() > bytes_max) unfit(key, "a text of at most " + std::to_string(bytes_max) + " bytes");
    return text;
}

std::string Node::text_or(const std::string& key, const std::string& otherwise, const std::string& pattern,
                          const std::string& expected) const {
    auto text = text_or(key, otherwise);
    if (schema_ != nullptr) schema_->note(key, {{"type", "string"}, {"pattern", pattern}});
    if (!std::regex_search(text, std::regex(pattern))) unfit(key, expected);
    return text;
}

std::string Node::choice(const std::string& key, const std::vector<std::string_view>& names,
                         const std::string& otherwise) const {
    if (schema_ != nullptr) {
        if (!otherwise.empty()) schema_->optional(key);
        return schema_->choose(key, names);
    }
    auto text = otherwise.empty() ? this->text(key) : text_or(key, otherwise);
    if (std::ranges::find(names, text) == names.end()) unfit(key, "One of " + list_of(names));
    return text;
}

json Node::number_or_name(const std::string& key, Bounds bounds, const std::vector<std::string_view>& names,
                          const std::string& pattern, const std::string& expected) const {
    if (schema_ != nullptr) {
        schema_->optional(key);
        schema_->note(
            key, {{"anyOf",
                   {number_schema(bounds), {{"enum", names}}, {{"type", "string"}, {"pattern", pattern}}}}});
        return nullptr;
    }
    const json* there = value(key);
    if (there == nullptr) return nullptr;
    if (there->is_number()) return number(key, bounds);
    if (!there->is_string()) unfit(key, expected);
    const auto& text = there->get_ref<const std::string&>();
    const bool named = std::ranges::find(names, text) != names.end();
    if (!named && !std::regex_search(text, std::regex(pattern))) unfit(key, expected);
    return text;
}

bool Node::flag_or(const std::string& key, bool otherwise) const {
    if (!has(key)) return otherwise;
    if (schema_ != nullptr) {
        schema_->note(key, {{"type", "boolean"}});
        return otherwise;
    }
    const auto* flag = value(key);
    if (!flag->is_boolean()) unfit(key, "true or false");
    return flag->get<bool>();
}

std::vector<double> Node::numbers(const std::string& key, std::size_t min_count, std::size_t max_count,
                                  Bounds bounds) const {
    if (schema_ != nullptr) {
        schema_->note(key, {{"type", "array"},
                            {"minItems", min_count},
                            {"maxItems", max_count},
                            {"items", number_schema(bounds)}});
        return std::vector<double>(min_count, bounds.min);
    }
    const std::string count = min_count == max_count
                                  ? std::to_string(min_count)
                                  : std::to_string(min_count) + " to " + std::to_string(max_count);
    const std::string expected = "A list of " + count + " numbers, each";
    const json* there = value(key);
    if (there == nullptr || !there->is_array() || there->size() < min_count || there->size() > max_count)
        unfit(key, expected + " " + range_of(bounds));
    std::vector<double> list;
    for (const json& element : *there) list.push_back(checked(key, element, bounds, expected));
    return list;
}

std::vector<double> Node::numbers_or(const std::string& key, Bounds bounds,
                                     const std::vector<double>& otherwise) const {
    if (!has(key)) return otherwise;
    const auto list = numbers(key, otherwise.size(), otherwise.size(), bounds);
    return schema_ != nullptr ? otherwise : list;
}

Node Node::object(const std::string& key) const {
    if (schema_ != nullptr) return Node(schema_->object(key));
    const json* there = value(key);
    if (there == nullptr || !there->is_object()) unfit(key, "An object in braces");
    return {*there, file_, path_of(key)};
}

std::vector<Node> Node::recorded(const std::string& key, const Kinds& kinds, ObjectSchema::Form form) const {
    std::vector<Node> list;
    for (auto* schema : schema_->objects(key, kinds, form)) list.push_back(Node(*schema));
    return list;
}

std::vector<Node> Node::objects(const std::string& key, const Kinds& kinds) const {
    if (schema_ != nullptr) return recorded(key, kinds, ObjectSchema::Form::list);
    const json* there = value(key);
    if (there == nullptr) return {};
    if (!there->is_array()) unfit(key, "A list of objects in square brackets");
    std::vector<Node> list;
    for (std::size_t i = 0; i < there->size(); ++i)
        list.emplace_back((*there)[i], file_, path_of(key) + "." + std::to_string(i));
    return list;
}

std::vector<Node> Node::one_or_more(const std::string& key, const Kinds& kinds,
                                    const std::string& expected) const {
    if (schema_ != nullptr) return recorded(key, kinds, ObjectSchema::Form::one_or_more);
    const json* there = value(key);
    if (there == nullptr || !there->is_array()) return {object(key)};
    if (there->empty()) unfit(key, expected);
    return objects(key);
}

std::vector<std::pair<std::string, json>> Node::values(const std::string& key,
                                                       const std::string& expected) const {
    if (!has(key)) return {};
    if (schema_ != nullptr) {
        const json types{"string", "number", "boolean"};
        schema_->note(key, {{"type", "object"}, {"additionalProperties", {{"type", types}}}});
        return {};
    }
    const auto* there = value(key);
    if (!there->is_object()) unfit(key, expected);
    std::vector<std::pair<std::string, json>> all;
    for (const auto& [name, value] : there->items()) {
        if (!value.is_primitive() || value.is_null()) unfit(key, expected);
        all.emplace_back(name, value);
    }
    return all;
}

void Node::exclude(const std::string& a, const std::string& b, const std::string& sentence) const {
    if (schema_ != nullptr) return schema_->exclude(a, b);
    if (has(a) && has(b)) wrong(b, sentence);
}

void Node::done() const {
    if (schema_ != nullptr) return schema_->close();
    for (const auto& [key, value] : value_->items())
        if (!asked_->contains(key)) wrong(key, "this key is not known; " + advice(key, *asked_) + ".");
}

}  // namespace scenes
