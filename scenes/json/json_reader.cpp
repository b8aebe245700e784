#include "scenes/json/json_reader.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace scenes {
namespace {

using nlohmann::json;

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

bool Node::has(const std::string& key) const { return value(key) != nullptr; }

double Node::checked(const std::string& key, const json& value, Bounds bounds,
                     const std::string& what) const {
    if (!value.is_number()) unfit(key, what + " " + range_of(bounds));
    const double number = value.get<double>();
    if (!(number >= bounds.min && number <= bounds.max)) unfit(key, what + " " + range_of(bounds));
    return number;
}

double Node::number(const std::string& key, Bounds bounds) const {
    const json* there = value(key);
    if (there == nullptr) unfit(key, "A number " + range_of(bounds));
    return checked(key, *there, bounds, "A number");
}

double Node::number_or(const std::string& key, Bounds bounds, double otherwise) const {
    return has(key) ? number(key, bounds) : otherwise;
}

int Node::whole(const std::string& key, Bounds bounds) const {
    const double number = this->number(key, bounds);
    if (number != std::floor(number)) unfit(key, "A whole number " + range_of(bounds));
    return static_cast<int>(number);
}

int Node::whole_or(const std::string& key, Bounds bounds, int otherwise) const {
    return has(key) ? whole(key, bounds) : otherwise;
}

std::string Node::text(const std::string& key) const {
    const json* there = value(key);
    if (there == nullptr || !there->is_string()) unfit(key, "A text in quotes");
    return there->get<std::string>();
}

std::string Node::text_or(const std::string& key, const std::string& otherwise) const {
    return has(key) ? text(key) : otherwise;
}

bool Node::flag_or(const std::string& key, bool otherwise) const {
    const auto* flag = value(key);
    if (flag == nullptr) return otherwise;
    if (!flag->is_boolean()) unfit(key, "true or false");
    return flag->get<bool>();
}

std::vector<double> Node::numbers(const std::string& key, std::size_t min_count, std::size_t max_count,
                                  Bounds bounds) const {
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

Node Node::object(const std::string& key) const {
    const json* there = value(key);
    if (there == nullptr || !there->is_object()) unfit(key, "An object in braces");
    return {*there, file_, path_of(key)};
}

std::vector<Node> Node::objects(const std::string& key) const {
    const json* there = value(key);
    if (there == nullptr) return {};
    if (!there->is_array()) unfit(key, "A list of objects in square brackets");
    std::vector<Node> list;
    for (std::size_t i = 0; i < there->size(); ++i)
        list.emplace_back((*there)[i], file_, path_of(key) + "." + std::to_string(i));
    return list;
}

void Node::done() const {
    for (const auto& [key, value] : value_->items())
        if (!asked_->contains(key)) wrong(key, "this key is not known; " + advice(key, *asked_) + ".");
}

}  // namespace scenes
