#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace protocol::genicam {

enum class Access : std::uint8_t { ro, wo, rw };
enum class Visibility : std::uint8_t { beginner, expert, guru, invisible };

/// One choice of an enumeration; `display` is the printed name where that is no legal symbol.
struct Entry {
    std::string_view name;
    std::int64_t value = 0;
    std::string_view display = {};
};

enum class Look : std::uint8_t { linear, logarithmic, hex, ip_address, mac_address, pure_number };

/// Cachable of GenApi: a client may cache nothing, what it has read, or what it has written as well.
enum class Caching : std::uint8_t { none, read, written };

struct Integer {
    std::int64_t min = 0, max = 0, inc = 1;
    std::string_view unit = {};
    Look look = Look::linear;
};
/// A real number; its register counts steps: value = register * step.
struct Real {
    double min = 0, max = 0, step = 1;
    std::string_view unit = {};
    Look look = Look::linear;
};
struct Choice {
    std::span<const Entry> entries;
};
struct Flag {};
struct Command {
    std::uint32_t value = 1;  // what a client writes to execute it
};
struct Text {
    std::uint32_t size_bytes = 0;
};
/// Memory without further meaning. Its size is fixed, or the value of another feature.
struct Raw {
    std::uint32_t size_bytes = 0;
    std::string_view size_from = {};
};
using Type = std::variant<Integer, Real, Choice, Flag, Command, Text, Raw>;

/// Some bits of a register, counted from the lowest.
struct Bits {
    int low = 0, high = 31;
};

/// A value that comes with an event or with a chunk of a block; the feature's address is its offset in there.
struct Message {
    std::uint16_t event_id = 0;
    std::uint32_t chunk_id = 0;
    std::uint32_t bytes = 0;
    [[nodiscard]] constexpr bool is_source() const { return event_id != 0 || chunk_id != 0; }
    auto operator<=>(const Message&) const = default;
};

/// Static description of a feature, as in the description file.
struct FeatureInfo {
    std::string_view name;
    std::string_view display = {};  // empty: the name
    std::uint32_t address = 0;
    Type type;
    Access access = Access::rw;
    Visibility visibility = Visibility::beginner;
    std::string_view selector = {};
    std::string_view tip;
    bool frozen_while_streaming = false;
    bool constant = false;     // never changes while the camera runs
    bool changes_all = false;  // a command after which a client must read everything again
    bool custom = false;       // no name of the Standard Features Naming Convention
    int polling_ms = 0;        // PollingTime of a value that changes by itself; 0: none
    Bits bits = {};            // where it is only a part of a bootstrap register
    Message message = {};      // where it is not read from the camera
};

/// A feature with its address and its dynamic properties, as the description file needs it.
struct Node {
    FeatureInfo info;
    std::string_view category;
    bool range_moves = false, can_be_locked = false, can_be_unavailable = false;
    bool streamable = false;  // part of the settings that a client saves
    Caching caching = Caching::none;
    std::vector<std::string_view> changed_by = {};  // features that change its value, its limits or its lock
    std::vector<std::string_view> lock_changed_by = {};  // and those that change only its lock
};

/// What belongs to a feature is read at the feature's address plus one of these.
enum Plane : std::uint32_t {
    kValuePlane = 0,
    kMinPlane = 0x1000'0000,
    kMaxPlane = 0x2000'0000,
    kLockedPlane = 0x3000'0000,
    kAvailablePlane = 0x4000'0000,
    kPlaneMask = 0xF000'0000,
};

/// Registers are 4 bytes wherever the value fits, so that READREG and WRITEREG reach them.
[[nodiscard]] constexpr bool fits_in_32_bits(const Integer& type) {
    const bool is_signed = type.min < 0;
    return is_signed ? type.min >= std::numeric_limits<std::int32_t>::min() &&
                           type.max <= std::numeric_limits<std::int32_t>::max()
                     : type.max <= std::numeric_limits<std::uint32_t>::max();
}

[[nodiscard]] constexpr std::uint32_t register_bytes(const Type& type) {
    if (const auto* integer = std::get_if<Integer>(&type)) return fits_in_32_bits(*integer) ? 4 : 8;
    if (const auto* text = std::get_if<Text>(&type)) return text->size_bytes;
    if (const auto* raw = std::get_if<Raw>(&type)) return raw->size_bytes;
    return 4;
}

/// Conversion between a real value and the steps in its register; exact for decimal and binary fractions.
[[nodiscard]] inline double value_of_steps(const Real& type, std::int64_t steps) {
    const auto count = static_cast<double>(steps);
    return type.step < 1 ? count / std::round(1 / type.step) : count * type.step;
}
[[nodiscard]] inline double steps_of_value(const Real& type, double value) {
    return type.step < 1 ? value * std::round(1 / type.step) : value / type.step;
}

}  // namespace protocol::genicam
