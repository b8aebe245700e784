#include "emulator/testbench/feature_access.h"

#include <algorithm>
#include <cmath>

#include "emulator/features/describe.h"
#include "emulator/features/encoding.h"
#include "emulator/features/relations.h"
#include "emulator/features/table.h"
#include "emulator/testbench/named_registers.h"
#include "protocol/gvcp/bootstrap.h"

namespace emulator::testbench {
namespace {

using namespace features;
using nlohmann::json;

constexpr double kWholeMax = 9007199254740992;  // 2^53: beyond it a JSON number is no exact integer

/// The register as it is, whole.
Bytes read_bootstrap(const Camera& camera, const Feature& feature) {
    Bytes bytes(register_bytes(feature.info.type));
    (void)protocol::bootstrap::read(camera.device, feature.info.address, bytes);
    return bytes;
}

std::uint32_t word_of(const Bytes& bytes) { return protocol::Reader(bytes).u32(); }

Value bootstrap_value(const Camera& camera, const Feature& feature) {
    auto bytes = read_bootstrap(camera, feature);
    if (bytes.size() == 4) bytes = protocol::Writer().u32(bits_of(feature.info.bits, word_of(bytes))).take();
    return decode(feature.info.type, bytes);
}

Status write_bootstrap(Camera& camera, const Feature& feature, const Value& value) {
    auto bytes = encode(feature.info.type, value);
    const auto& bits = feature.info.bits;
    if (bytes.size() == 4) {
        const auto others = word_of(read_bootstrap(camera, feature)) & ~(mask_of(bits) << bits.low);
        bytes = protocol::Writer().u32(others | (word_of(bytes) & mask_of(bits)) << bits.low).take();
    }
    const protocol::bootstrap::Request request{.from = {}, .now = camera.now(), .delegate = camera};
    for (std::size_t at = 0; at < bytes.size(); at += 4) {
        const auto status =
            protocol::bootstrap::write(camera.device, feature.info.address + static_cast<std::uint32_t>(at),
                                       protocol::ByteView(bytes).subspan(at, 4), request);
        if (!ok(status)) return status;
    }
    if (camera.unsaved()) camera.save();
    return Status::success;
}

std::string printed(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Features whose present values lock this one, or make it unavailable.
std::string causes(const Camera& camera, std::string_view name) {
    std::string text;
    for (const auto& [writer, affected] : kRelations) {
        if (affected != name) continue;
        const auto* feature = find_feature(camera, writer).feature;
        if (std::holds_alternative<protocol::genicam::Command>(feature->info.type)) continue;
        text +=
            (text.empty() ? "" : ", ") + std::string(writer) + " is " + printed(value_of(camera, *feature));
    }
    return text.empty() ? "the state of the camera" : text;
}

[[noreturn]] void unfit(const Camera& camera, const Feature& feature) {
    const auto name = std::string(feature.info.name);
    const auto& type = feature.info.type;
    std::string expected = "another value";
    if (const auto* choice = std::get_if<Choice>(&type)) {
        expected = "one of ";
        for (const auto& entry : choice->entries)
            expected += (entry.value == choice->entries.front().value ? "" : ", ") + std::string(entry.name);
    } else if (std::holds_alternative<Flag>(type)) {
        expected = "true or false";
    } else if (const auto* text = std::get_if<Text>(&type)) {
        expected = "a text of at most " + std::to_string(text->size_bytes) + " bytes";
    } else if (const auto* raw = std::get_if<Raw>(&type)) {
        expected = std::to_string(2 * raw->size_bytes) + " hexadecimal digits";
    } else if (!std::holds_alternative<protocol::genicam::Command>(type)) {
        const auto now = feature_to_json(camera, find_feature(camera, name));
        expected = "a number from " + now["min"].dump() + " to " + now["max"].dump() + " in steps of " +
                   now["inc"].dump();
    }
    throw Problem(kBadRequest, name, expected + " is expected.");
}

std::optional<Bytes> bytes_of(const std::string& digits) {
    Bytes bytes;
    const auto nibble = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    if (digits.size() % 2 != 0) return std::nullopt;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = nibble(digits[i]), low = nibble(digits[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return bytes;
}

std::optional<Value> whole(const json& value) {
    if (value.is_number_float() && value.get<double>() != std::floor(value.get<double>()))
        return std::nullopt;
    if (!value.is_number() || std::abs(value.get<double>()) > kWholeMax) return std::nullopt;
    return value.get<std::int64_t>();
}

/// The value of the feature's kind that JSON means; nothing if it means none.
std::optional<Value> meant(const Type& type, const json& value) {
    if (const auto* choice = std::get_if<Choice>(&type)) {
        for (const auto& entry : choice->entries)
            if (value == entry.name || value == entry.value) return entry.value;
        return std::nullopt;
    }
    if (std::holds_alternative<Flag>(type))
        return value.is_boolean() ? std::optional<Value>(std::int64_t{value.get<bool>()}) : std::nullopt;
    if (const auto* command = std::get_if<protocol::genicam::Command>(&type)) {
        if (value.is_null() || value == true) return std::int64_t{command->value};
        return std::nullopt;
    }
    if (std::holds_alternative<Real>(type))
        return value.is_number() ? std::optional<Value>(value.get<double>()) : std::nullopt;
    if (const auto* text = std::get_if<Text>(&type)) {
        const bool fits = value.is_string() && value.get_ref<const std::string&>().size() <= text->size_bytes;
        return fits ? std::optional<Value>(value.get<std::string>()) : std::nullopt;
    }
    if (const auto* raw = std::get_if<Raw>(&type)) {
        auto bytes = value.is_string() ? bytes_of(value.get<std::string>()) : std::nullopt;
        return bytes && bytes->size() == raw->size_bytes ? std::optional<Value>(*bytes) : std::nullopt;
    }
    return whole(value);
}

/// Reals are written as their registers hold them: in steps.
Value in_steps(const Type& type, const Value& value) {
    const auto* real = std::get_if<Real>(&type);
    if (real == nullptr) return value;
    const auto steps = steps_of_value(*real, std::get<double>(value));
    return std::abs(steps) < kWholeMax ? value_of_steps(*real, std::llround(steps)) : std::get<double>(value);
}

/// A real number outside of its limits is refused, though the nearest step might lie within.
bool beyond(const Camera& camera, const Feature& feature, const Value& value) {
    constexpr double kRounding = 1e-6;
    const auto* real = std::get_if<Real>(&feature.info.type);
    if (real == nullptr) return false;
    const auto [min, max] = register_range(feature, camera);
    const auto steps = steps_of_value(*real, std::get<double>(value));
    return steps < static_cast<double>(min) - kRounding || steps > static_cast<double>(max) + kRounding;
}

constexpr const char* kVisibilities[] = {"beginner", "expert", "guru", "invisible"};

}  // namespace

std::vector<NamedFeature> all_features(const Camera& camera) {
    std::vector<NamedFeature> all;
    for (const auto& category : table(camera.profile.node_types))
        for (const auto& feature : category.features) all.push_back({&category, &feature});
    return all;
}

NamedFeature find_feature(const Camera& camera, std::string_view name) {
    for (const auto& one : all_features(camera))
        if (one.feature->info.name == name) return one;
    throw Problem(kNotFound, "", "There is no feature " + std::string(name) + ".");
}

Json value_of(const Camera& camera, const Feature& feature) {
    if (feature.info.access == Access::wo ||
        std::holds_alternative<protocol::genicam::Command>(feature.info.type))
        return nullptr;
    if (in_bootstrap(feature)) return features::to_json(feature.info.type, bootstrap_value(camera, feature));
    return feature.value.get ? features::to_json(feature.info.type, feature.value.get(camera)) : Json();
}

std::string lock_reason(const Camera& camera, const Feature& feature) {
    if (feature.info.access == Access::ro) return "read-only";
    if (feature.available && !feature.available(camera))
        return "not available: " + causes(camera, feature.info.name);
    if (feature.info.frozen_while_streaming && camera.parameters_locked())
        return camera.streaming() ? "acquisition is running" : "TLParamsLocked is 1";
    if (feature.locked && feature.locked(camera)) return causes(camera, feature.info.name);
    return "";
}

Json feature_to_json(const Camera& camera, NamedFeature named) {
    const auto& feature = *named.feature;
    auto one = describe(*named.category, feature);
    one["visibility"] = kVisibilities[static_cast<std::size_t>(feature.info.visibility)];
    one["value"] = value_of(camera, feature);
    if (feature.range) {
        const auto [min, max] = register_range(feature, camera);
        const auto* real = std::get_if<Real>(&feature.info.type);
        one["min"] = real ? Json(value_of_steps(*real, min)) : Json(min);
        one["max"] = real ? Json(value_of_steps(*real, max)) : Json(max);
    }
    one["available"] = !feature.available || feature.available(camera);
    const auto reason = lock_reason(camera, feature);
    one["locked"] = !reason.empty();
    if (!reason.empty()) one["lock_reason"] = reason;
    return one;
}

void write_feature(Camera& camera, const Feature& feature, const json& value) {
    const auto name = std::string(feature.info.name);
    if (const auto reason = lock_reason(camera, feature); !reason.empty() && !feature.tolerant)
        throw Problem(kConflict, name, "it cannot be written now: " + reason + ".");
    const auto parsed = meant(feature.info.type, value);
    if (!parsed || beyond(camera, feature, *parsed)) unfit(camera, feature);
    const auto wanted = in_steps(feature.info.type, *parsed);
    const auto status = in_bootstrap(feature) ? write_bootstrap(camera, feature, wanted)
                                              : camera.registers().set(feature, wanted).status;
    if (status == Status::invalid_parameter) unfit(camera, feature);
    if (!ok(status)) throw Problem(kConflict, name, "the camera refuses it in its present state.");
    camera.gvcp().arm();  // The heartbeat's time may be another one.
}

SelectorAt::SelectorAt(Camera& camera, const Feature& feature, const json& value)
    : camera_(camera), selector_(nullptr) {
    if (feature.info.selector.empty())
        throw Problem(kBadRequest, "selector", std::string(feature.info.name) + " has no selector.");
    const auto* selector = find_feature(camera, feature.info.selector).feature;
    const auto wanted = meant(selector->info.type, value);
    if (!wanted || !ok(fits(*selector, *wanted, camera))) unfit(camera, *selector);
    before_ = selector->value.get(camera);
    selector_ = selector;
    (void)selector_->value.set(camera_, *wanted);
}

SelectorAt::~SelectorAt() { (void)selector_->value.set(camera_, before_); }

}  // namespace emulator::testbench
