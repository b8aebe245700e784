#include "emulator/features/user_set.h"

#include <algorithm>
#include <optional>

#include "emulator/camera/camera.h"
#include "emulator/features/encoding.h"
#include "emulator/features/limits.h"

namespace emulator::features {
namespace {

/// Some values change others when they are written, or open their ranges. Such chains are not longer than
/// this.
constexpr int kMostPasses = 10;

/// A feature, or one entry of a feature below a selector.
struct Place {
    const Feature* feature = nullptr;
    const Feature* selector = nullptr;
    std::int64_t entry = 0;
};
using Places = std::map<std::string, Place>;

void add_entries(Places& places, const Feature& feature, const Feature& selector) {
    const auto add = [&](const std::string& entry, std::int64_t value) {
        places[std::string(feature.info.name) + "[" + entry + "]"] = {&feature, &selector, value};
    };
    if (const auto* choice = std::get_if<Choice>(&selector.info.type)) {
        for (const auto& entry : choice->entries) add(std::string(entry.name), entry.value);
    } else {
        const auto& index = std::get<Integer>(selector.info.type);
        for (auto value = index.min; value <= index.max; value += index.inc)
            add(std::to_string(value), value);
    }
}

/// Features of a user set, with the entries of their selectors.
Places places(const RegisterMap& registers) {
    std::map<std::string_view, const Feature*> by_name, selectors;
    for (const auto& row : registers.rows()) by_name[row.feature->info.name] = row.feature;
    for (const auto& [name, feature] : by_name) {
        const auto selector = by_name.find(feature->info.selector);
        if (selector != by_name.end()) selectors.insert(*selector);
    }
    Places all;
    for (const auto& [name, feature] : by_name) {
        const auto& info = feature->info;
        const bool state = info.access == Access::rw && !std::holds_alternative<Command>(info.type);
        if (!state || !feature->in_user_sets || selectors.contains(name)) continue;
        if (const auto selector = selectors.find(info.selector); selector != selectors.end()) {
            add_entries(all, *feature, *selector->second);
        } else {
            all[std::string(name)] = {.feature = feature};
        }
    }
    return all;
}

/// Calls a function while the selector has this entry.
auto at(Camera& camera, const Place& place, auto&& act) {
    if (!place.selector) return act();
    const auto before = place.selector->value.get(camera);
    (void)place.selector->value.set(camera, place.entry);
    auto result = act();
    (void)place.selector->value.set(camera, before);
    return result;
}

/// The value as one that a feature of this type could have; whole numbers may stand for real ones.
std::optional<Value> as(const Type& type, const Value& value) {
    if (const auto* real = std::get_if<Real>(&type)) {
        const auto* whole = std::get_if<std::int64_t>(&value);
        const auto* number = std::get_if<double>(&value);
        if (!whole && !number) return std::nullopt;
        const auto one = whole ? static_cast<double>(*whole) : *number;
        return one >= real->min && one <= real->max ? std::optional<Value>(one) : std::nullopt;
    }
    const bool right = std::holds_alternative<Text>(type) ? std::holds_alternative<std::string>(value)
                                                          : std::holds_alternative<std::int64_t>(value);
    return right ? std::optional(value) : std::nullopt;
}

enum class Writing { done, needless, refused };

/// Writes a value where it differs from what a client would read there.
Writing write(Camera& camera, const Place& place, const Value& saved) {
    return at(camera, place, [&] {
        const auto& feature = *place.feature;
        const auto value = as(feature.info.type, saved);
        if (!value) return Writing::refused;
        if (encode(feature.info.type, *value) == encode(feature.info.type, feature.value.get(camera)))
            return Writing::needless;
        if (!ok(fits(feature, *value, camera))) return Writing::refused;
        return ok(feature.value.set(camera, *value).status) ? Writing::done : Writing::refused;
    });
}

}  // namespace

UserSet configuration(Camera& camera) {
    UserSet set;
    for (const auto& entry : places(camera.registers())) {
        const Place& place = entry.second;
        set[entry.first] = at(camera, place, [&] { return place.feature->value.get(camera); });
    }
    return set;
}

// Whatever differs is written, until nothing does: so the order in which features depend on each other need
// not be known.
std::vector<std::string> configure(Camera& camera, const UserSet& set) {
    const auto known = places(camera.registers());
    std::vector<std::string> refused;
    bool done = false;
    for (int pass = 0; pass < kMostPasses && !done; ++pass) {
        done = true;
        refused.clear();
        for (const auto& [name, value] : set) {
            const auto place = known.find(name);
            const auto writing =
                place == known.end() ? Writing::refused : write(camera, place->second, value);
            if (writing == Writing::refused) refused.push_back(name);
            if (writing == Writing::done) done = false;
        }
        settle(camera.settings, camera.profile.chip);
    }
    camera.settings_changed();
    return refused;
}

}  // namespace emulator::features
