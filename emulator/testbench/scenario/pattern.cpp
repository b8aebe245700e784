#include "emulator/testbench/scenario/pattern.h"

#include <re2/re2.h>

#include <algorithm>

namespace emulator::testbench {
namespace {

using nlohmann::json;

bool is_operation(const json& pattern) {
    return pattern.is_object() && !pattern.empty() && pattern.begin().key().starts_with('$');
}

/// A regular expression whose time grows with the text alone, whoever wrote it.
RE2 compiled(const json& expression) { return RE2(expression.get<std::string>(), RE2::Quiet); }

bool matches(const json& expression, const Json& item) {
    return item.is_string() && RE2::PartialMatch(item.get<std::string>(), compiled(expression));
}

bool holds(const std::string& name, const json& operand, const Json& item) {
    if (name == "$min") return item.is_number() && item >= Json(operand);
    if (name == "$max") return item.is_number() && item <= Json(operand);
    if (name == "$matches") return matches(operand, item);
    if (name == "$not") return !fits(operand, item);
    return std::ranges::any_of(operand, [&](const json& one) { return Json(one) == item; });  // $in
}

bool fits_object(const json& pattern, const Json& item) {
    return item.is_object() && std::ranges::all_of(pattern.items(), [&](const auto& entry) {
               const auto there = item.find(entry.key());
               return there != item.end() && fits(entry.value(), *there);
           });
}

std::optional<PatternMistake> mistake_in_operation(const std::string& name, const json& operand) {
    if (name == "$min" || name == "$max")
        return operand.is_number() ? std::nullopt
                                   : std::optional(PatternMistake{name, "a number is expected."});
    if (name == "$in")
        return operand.is_array() ? std::nullopt : std::optional(PatternMistake{name, "a list is expected."});
    if (name == "$not") return mistake_in(operand);
    if (name != "$matches")
        return PatternMistake{name, "$min, $max, $matches, $not and $in are the operators that exist."};
    if (!operand.is_string()) return PatternMistake{name, "a text is expected."};
    if (!compiled(operand).ok()) return PatternMistake{name, "this is not a regular expression of RE2."};
    return std::nullopt;
}

}  // namespace

bool fits(const json& pattern, const Json& item) {
    if (is_operation(pattern))
        return std::ranges::all_of(
            pattern.items(), [&](const auto& entry) { return holds(entry.key(), entry.value(), item); });
    if (item.is_array()) {
        const auto fits_one = [&](const json& one) {
            return std::ranges::any_of(item, [&](const Json& element) { return fits(one, element); });
        };
        return pattern.is_array() ? std::ranges::all_of(pattern, fits_one) : fits_one(pattern);
    }
    return pattern.is_object() ? fits_object(pattern, item) : Json(pattern) == item;
}

std::size_t fitting_keys(const json& pattern, const Json& item) {
    if (!pattern.is_object() || !item.is_object()) return 0;
    std::size_t count = 0;
    for (const auto& [key, wanted] : pattern.items())
        if (const auto there = item.find(key); there != item.end() && fits(wanted, *there)) ++count;
    return count;
}

std::optional<PatternMistake> mistake_in(const json& pattern) {
    if (!pattern.is_structured()) return std::nullopt;
    const bool operation = is_operation(pattern);
    for (const auto& [key, value] : pattern.items()) {
        auto mistake =
            operation ? mistake_in_operation(key, value)
            : key.starts_with('$')
                ? std::optional(PatternMistake{key, "an operator does not stand beside other keys."})
                : mistake_in(value);
        if (!mistake) continue;
        if (mistake->key != key) mistake->key = mistake->key.empty() ? key : key + "." + mistake->key;
        return mistake;
    }
    return std::nullopt;
}

}  // namespace emulator::testbench
