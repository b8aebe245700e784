#include "emulator/features/register_map.h"

#include <algorithm>
#include <cmath>

#include "emulator/camera/camera.h"
#include "emulator/features/description_file.h"
#include "emulator/features/encoding.h"
#include "emulator/features/limits.h"
#include "protocol/gvcp/bootstrap.h"

namespace emulator::features {
namespace {

/// Steps are counted in whole numbers; a bound that lies between two is drawn inwards, give or take rounding.
constexpr double kStepTolerance = 1e-6;

bool is_entry(const Choice& choice, std::int64_t value) {
    return std::ranges::any_of(choice.entries, [value](const Entry& entry) { return entry.value == value; });
}

std::string parse_number(const std::string& text, double& number) {
    std::size_t used = 0;
    try {
        number = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    return used == text.size() && used > 0 ? "" : "a number was expected, not \"" + text + "\"";
}

/// The value that a text means for this type, or a sentence.
std::string parse(const Type& type, const std::string& text, Value& value) {
    if (std::holds_alternative<Text>(type)) {
        value = text;
        return "";
    }
    if (const auto* choice = std::get_if<Choice>(&type)) {
        const auto found = std::ranges::find(choice->entries, text, &Entry::name);
        if (found == choice->entries.end()) return "\"" + text + "\" is none of its entries";
        value = found->value;
        return "";
    }
    if (std::holds_alternative<Flag>(type) && (text == "true" || text == "false")) {
        value = std::int64_t{text == "true"};
        return "";
    }
    double number = 0;
    if (auto sentence = parse_number(text, number); !sentence.empty()) return sentence;
    if (const auto* real = std::get_if<Real>(&type)) {
        value = value_of_steps(*real, std::llround(steps_of_value(*real, number)));
        return "";
    }
    if (number != std::floor(number) || std::abs(number) > 9e15)
        return "a whole number was expected, not \"" + text + "\"";
    value = static_cast<std::int64_t>(number);
    return "";
}

}  // namespace

std::pair<std::int64_t, std::int64_t> register_range(const Feature& feature, const Camera& camera) {
    const auto& type = feature.info.type;
    if (const auto* real = std::get_if<Real>(&type)) {
        const auto bounds = feature.range ? feature.range(camera) : Bounds{real->min, real->max};
        return {static_cast<std::int64_t>(std::ceil(steps_of_value(*real, bounds.min) - kStepTolerance)),
                static_cast<std::int64_t>(std::floor(steps_of_value(*real, bounds.max) + kStepTolerance))};
    }
    if (const auto* integer = std::get_if<Integer>(&type)) {
        if (!feature.range) return {integer->min, integer->max};
        const auto bounds = feature.range(camera);
        return {static_cast<std::int64_t>(bounds.min), static_cast<std::int64_t>(bounds.max)};
    }
    return {0, std::numeric_limits<std::uint32_t>::max()};
}

Status fits(const Feature& feature, const Value& value, const Camera& camera) {
    const auto& type = feature.info.type;
    const auto [min, max] = register_range(feature, camera);
    if (const auto* real = std::get_if<Real>(&type)) {
        const auto number = std::get<double>(value);
        if (!std::isfinite(number)) return Status::invalid_parameter;
        const auto steps = std::llround(steps_of_value(*real, number));
        return steps < min || steps > max ? Status::invalid_parameter : Status::success;
    }
    if (!std::holds_alternative<std::int64_t>(value)) return Status::success;
    const auto number = std::get<std::int64_t>(value);
    const auto fails = [](bool wrong) { return wrong ? Status::invalid_parameter : Status::success; };
    if (const auto* choice = std::get_if<Choice>(&type)) return fails(!is_entry(*choice, number));
    if (const auto* command = std::get_if<Command>(&type)) return fails(number != command->value);
    if (std::holds_alternative<Flag>(type)) return fails(number != 0 && number != 1);
    const auto inc = std::get<Integer>(type).inc;
    return fails(number < min || number > max || (number - std::get<Integer>(type).min) % inc != 0);
}

RegisterMap::RegisterMap(std::span<const Category> table, Camera& camera)
    : camera_(camera), file_(description_file(camera.profile.node_types, camera.profile.zips_description)) {
    for (const auto& category : table) {
        for (const auto& feature : category.features) {
            if (!feature.value.get) continue;
            rows_.push_back({&feature, feature.info.address, register_bytes(feature.info.type)});
        }
    }
    std::ranges::sort(rows_, {}, &Row::address);
}

const RegisterMap::Row* RegisterMap::find(std::uint32_t address) const {
    const auto after = std::ranges::upper_bound(rows_, address, {}, &Row::address);
    if (after == rows_.begin()) return nullptr;
    const auto& row = *std::prev(after);
    return address < row.address + row.size_bytes ? &row : nullptr;
}

Bytes RegisterMap::read_row(const Row& row) const {
    const auto& info = row.feature->info;
    if (info.access == Access::wo) return Bytes(row.size_bytes);
    return encode(info.type, row.feature->value.get(camera_));
}

Status RegisterMap::read_word(std::uint32_t address, std::span<std::uint8_t> out) const {
    if (address >= kDescriptionFileAddress && address - kDescriptionFileAddress < file_.bytes.size()) {
        // The last word of the file is filled with zeros.
        for (std::size_t i = 0; i < 4; ++i) {
            const auto at = address - kDescriptionFileAddress + i;
            out[i] = at < file_.bytes.size() ? file_.bytes[at] : 0;
        }
        return Status::success;
    }
    const auto plane = address & kPlaneMask;
    const auto* row = find(address & ~kPlaneMask);
    if (!row) return Status::invalid_address;
    const auto offset = (address & ~kPlaneMask) - row->address;
    Bytes bytes;
    if (plane == kValuePlane) {
        bytes = read_row(*row);
    } else if (plane == kLockedPlane || plane == kAvailablePlane) {
        if (offset != 0) return Status::invalid_address;
        const bool available = !row->feature->available || row->feature->available(camera_);
        bytes = protocol::Writer().u32(plane == kLockedPlane ? locked(*row->feature) : available).take();
    } else if ((plane == kMinPlane || plane == kMaxPlane) && row->feature->range) {
        const auto [min, max] = register_range(*row->feature, camera_);
        bytes = encode_number(row->feature->info.type, plane == kMinPlane ? min : max);
    } else {
        return Status::invalid_address;
    }
    std::copy_n(bytes.begin() + offset, 4, out.begin());
    return Status::success;
}

Status RegisterMap::read(std::uint32_t address, std::span<std::uint8_t> out) const {
    for (std::size_t at = 0; at < out.size(); at += 4) {
        const auto status = read_word(address + static_cast<std::uint32_t>(at), out.subspan(at, 4));
        if (!ok(status)) return status;
    }
    return Status::success;
}

Outcome RegisterMap::write(std::uint32_t address, protocol::ByteView bytes) {
    Outcome total;
    const auto refused = [&total](Status status) {
        return Outcome{status, total.takes, total.written_bytes};
    };
    while (!bytes.empty()) {
        const auto* row = find(address & ~kPlaneMask);
        const bool is_file =
            address >= kDescriptionFileAddress && address - kDescriptionFileAddress < file_.bytes.size();
        if (is_file || (row && (address & kPlaneMask) != kValuePlane)) return refused(Status::write_protect);
        if (!row) return refused(Status::invalid_address);
        const auto offset = address - row->address;
        const auto count = std::min<std::size_t>(bytes.size(), row->size_bytes - offset);
        const auto outcome = write_row(*row, offset, bytes.first(count));
        if (!ok(outcome.status)) return refused(outcome.status);
        total.takes += outcome.takes;
        total.written_bytes += count;
        bytes = bytes.subspan(count);
        address += static_cast<std::uint32_t>(count);
    }
    return total;
}

// A part of a register is merged into the whole, which is then checked.
Outcome RegisterMap::write_row(const Row& row, std::uint32_t offset, protocol::ByteView bytes) {
    auto whole_register = row.feature->info.access == Access::ro ? Bytes(row.size_bytes) : read_row(row);
    std::ranges::copy(bytes, whole_register.begin() + offset);
    return set(*row.feature, decode(row.feature->info.type, whole_register));
}

bool RegisterMap::locked(const Feature& feature) const {
    return (feature.locked && feature.locked(camera_)) ||
           (feature.info.frozen_while_streaming && camera_.parameters_locked());
}

Status RegisterMap::judge(const Feature& feature, const Value& value) const {
    if (!feature.value.set || feature.info.access == Access::ro) return Status::write_protect;
    if (feature.available && !feature.available(camera_)) return Status::write_protect;
    if (locked(feature)) return Status::write_protect;
    return fits(feature, value, camera_);
}

Outcome RegisterMap::set(const Feature& feature, Value value) {
    if (feature.tolerant && feature.locked(camera_)) return {};
    if (feature.clips)
        value = std::min(std::get<std::int64_t>(value), register_range(feature, camera_).second);
    if (const auto status = judge(feature, value); !ok(status)) return {status};
    const auto outcome = feature.value.set(camera_, value);
    if (ok(outcome.status)) {
        settle(camera_.settings, camera_.profile.chip);
        camera_.settings_changed();
    }
    return outcome;
}

std::string RegisterMap::set_by_name(std::string_view name, const std::string& text) {
    const auto row =
        std::ranges::find_if(rows_, [name](const Row& r) { return r.feature->info.name == name; });
    if (row == rows_.end()) return std::string(name) + ": there is no such feature";
    Value value;
    if (auto sentence = parse(row->feature->info.type, text, value); !sentence.empty())
        return std::string(name) + ": " + sentence;
    switch (locked(*row->feature) ? Status::write_protect : set(*row->feature, value).status) {
        case Status::success:
            return "";
        case Status::write_protect:
            return std::string(name) + ": it cannot be written now";
        default:
            return std::string(name) + ": " + text + " is outside of its range";
    }
}

std::vector<std::string> RegisterMap::set_by_name(const Texts& features) {
    constexpr std::pair<std::string_view, std::string_view> kAutomatics[] = {
        {"ExposureTime", "ExposureAuto"}, {"Gain", "GainAuto"}, {"BalanceRatio", "BalanceWhiteAuto"}};
    const auto find = [&](std::string_view name) {
        return std::ranges::find_if(features, [name](const auto& one) { return one.first == name; });
    };
    std::vector<std::string> sentences;
    const auto set = [&](std::string_view name, const std::string& text) {
        if (auto sentence = set_by_name(name, text); !sentence.empty())
            sentences.push_back(std::move(sentence));
    };
    for (const auto& [name, automatic] : kAutomatics) {
        if (const auto wanted = find(automatic); wanted != features.end())
            set(automatic, wanted->second);
        else if (find(name) != features.end())
            set(automatic, "Off");
    }
    for (const auto& [name, text] : features) set(name, text);
    return sentences;
}

}  // namespace emulator::features
