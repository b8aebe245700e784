#pragma once

#include <cmath>
#include <optional>
#include <type_traits>

#include "emulator/features/value.h"
#include "protocol/genicam/feature_info.h"
#include "protocol/gvcp/memory.h"

namespace emulator {
struct Camera;
}

namespace emulator::features {

using protocol::Outcome;
using protocol::Status;
using namespace protocol::genicam;

/// The smallest and largest legal value at this moment, in the unit of the feature.
struct Bounds {
    double min = 0, max = 0;
};

inline constexpr Entry kOffOn[] = {{"Off", 0}, {"On", 1}};

/// Access to the camera's state. `set` gets a legal value of the right kind.
struct Accessor {
    Value (*get)(const Camera&) = nullptr;
    Outcome (*set)(Camera&, const Value&) = nullptr;
};

/// Type of a feature on real cameras of the family, where the manual differs. The register is the same, so it
/// must suit both types: flags, choices, small integers.
struct InTheField {
    Type type;
    Access access = Access::rw;
};

/// Feature: one row of the table, with its description for clients and its access to the camera.
struct Feature {
    FeatureInfo info;
    Accessor value = {};  // empty: the register is one of the bootstrap's, or in an event
    Bounds (*range)(const Camera&) = nullptr;  // narrower than info.type, and may move
    bool (*locked)(const Camera&) = nullptr;
    bool (*available)(const Camera&) = nullptr;
    bool tolerant = false;                // a write while `locked` is accepted, and changes nothing
    bool clips = false;                   // a value above the range becomes its largest; for integers
    bool in_user_sets = true;             // false for another view of a feature, and for what a session needs
    std::optional<bool> streamable = {};  // in the settings that clients save; empty: as in user sets
    std::optional<InTheField> in_the_field = {};
};

/// Feature rows of one category, in the order in which clients show them and load what they have saved: what
/// locks or limits a feature stands before it.
struct Category {
    std::string_view name;
    std::span<const Feature> features;
    std::span<const Feature> also_in_the_field = {};
};

// Five ways to bind a row to the camera. A path is a list of member pointers.

template <auto first, auto... rest>
constexpr auto& follow(auto& object) {
    if constexpr (sizeof...(rest) == 0) {
        return object.*first;
    } else {
        return follow<rest...>(object.*first);
    }
}

template <class T>
Value to_value(const T& member) {
    if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>) {
        return member;
    } else {
        return static_cast<std::int64_t>(member);
    }
}

template <class T>
T from_value(const Value& value) {
    if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>) {
        return std::get<T>(value);
    } else {
        return static_cast<T>(std::get<std::int64_t>(value));
    }
}

/// A member that is read and written.
template <auto... path>
inline constexpr Accessor field{
    .get = [](const Camera& camera) { return to_value(follow<path...>(camera)); },
    .set =
        [](Camera& camera, const Value& value) {
            auto& member = follow<path...>(camera);
            member = from_value<std::remove_reference_t<decltype(member)>>(value);
            return Outcome{};
        },
};

/// A member that is only read.
template <auto... path>
inline constexpr Accessor readout{
    .get = [](const Camera& camera) { return to_value(follow<path...>(camera)); }};

/// A computed value.
template <auto function>
inline constexpr Accessor computed{.get = [](const Camera& camera) { return to_value(function(camera)); }};

/// A value of the model, always the same.
template <auto constant>
inline constexpr Accessor always{.get = [](const Camera&) { return to_value(constant); }};

/// A command.
template <auto method>
inline constexpr Accessor action{
    .get = [](const Camera&) -> Value { return std::int64_t{0}; },
    .set = [](Camera& camera, const Value&) { return Outcome{(camera.*method)()}; },
};

}  // namespace emulator::features
