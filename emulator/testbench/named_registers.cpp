#include "emulator/testbench/named_registers.h"

#include <algorithm>

#include "emulator/features/describe.h"
#include "emulator/features/description_file.h"
#include "emulator/features/encoding.h"
#include "emulator/features/table.h"
#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/names.h"

namespace emulator::testbench {
namespace {

using namespace features;
using protocol::ByteView;
namespace gvcp = protocol::gvcp;
namespace bootstrap = protocol::bootstrap;

std::vector<const Feature*> features_where(NodeTypes types, auto fits) {
    std::vector<const Feature*> found;
    for (const auto& category : table(types))
        for (const auto& feature : category.features)
            if (fits(feature)) found.push_back(&feature);
    return found;
}

std::uint32_t register_end(const Feature& feature) {
    return feature.info.address + register_bytes(feature.info.type);
}

/// Features with a register of their own, by address.
const std::vector<const Feature*>& feature_rows(NodeTypes types) {
    const auto sorted = [](NodeTypes of) {
        auto all = features_where(of, [](const Feature& feature) { return feature.value.get != nullptr; });
        std::ranges::sort(all, {}, [](const Feature* feature) { return feature->info.address; });
        return all;
    };
    static const auto manual = sorted(NodeTypes::manual), field = sorted(NodeTypes::field);
    return types == NodeTypes::manual ? manual : field;
}

const Feature* feature_row_at(std::uint32_t address, NodeTypes types) {
    const auto& all = feature_rows(types);
    const auto after = std::ranges::upper_bound(all, address, {},
                                                [](const Feature* feature) { return feature->info.address; });
    if (after == all.begin()) return nullptr;
    const auto* feature = *std::prev(after);
    return address < register_end(*feature) ? feature : nullptr;
}

/// The value of some bits of a word.
Json bits_value(const Feature& feature, std::uint32_t word) {
    const auto bytes = protocol::Writer().u32(bits_of(feature.info.bits, word)).take();
    return features::to_json(feature.info.type, decode(feature.info.type, bytes));
}

/// The feature that is all of a bootstrap register, by its name in the standard's own terms if there are two;
/// nothing if several share the register.
const Feature* sole_feature(const std::vector<const Feature*>& here, const bootstrap::Place& place) {
    const auto whole = [&](const Feature* feature) {
        const auto& bits = feature->info.bits;
        const auto bytes = register_bytes(feature->info.type);
        return place.size_bytes > 4 || (bits.low == 0 && bits.high == 31 && bytes == 4);
    };
    if (here.empty() || !std::ranges::all_of(here, whole)) return nullptr;
    const auto standard = std::ranges::find_if(
        here, [](const Feature* feature) { return feature->info.name.starts_with("Gev"); });
    return standard == here.end() ? here.front() : *standard;
}

/// A bootstrap register: `feature` if one is all of it, `fields` if several share it.
void add_bootstrap(Json& one, const bootstrap::Place& place, const RegisterAccess& part, NodeTypes types) {
    one["register"] = gvcp::bootstrap_name(place.address);
    const auto here = features_where(types, [&](const Feature& feature) {
        return in_bootstrap(feature) && feature.info.address == place.address;
    });
    const auto* sole = sole_feature(here, place);
    if (sole) one["feature"] = sole->info.name;
    if (part.bytes.size() != place.size_bytes) return;
    if (place.size_bytes > 4) {
        one["value"] = protocol::text_of(part.bytes);
        return;
    }
    const auto word = protocol::load<std::uint32_t>(part.bytes);
    one["value"] = sole ? bits_value(*sole, word) : Json(word);
    for (const auto* feature : here)
        if (!sole && register_bytes(feature->info.type) == 4)
            one["fields"][std::string(feature->info.name)] = bits_value(*feature, word);
}

void add_feature(Json& one, const Feature& feature, std::uint32_t plane, const RegisterAccess& part) {
    constexpr std::pair<std::uint32_t, const char*> kPlanes[] = {
        {kMinPlane, "min"}, {kMaxPlane, "max"}, {kLockedPlane, "locked"}, {kAvailablePlane, "available"}};
    one["feature"] = feature.info.name;
    for (const auto& [at, name] : kPlanes)
        if (at == plane) one["of"] = name;
    const auto& type = feature.info.type;
    const bool is_switch = plane == kLockedPlane || plane == kAvailablePlane;
    if (is_switch && part.bytes.size() == 4) one["value"] = protocol::load<std::uint32_t>(part.bytes) != 0;
    const bool whole =
        (part.address & ~kPlaneMask) == feature.info.address && part.bytes.size() == register_bytes(type);
    if (is_switch || !whole) return;
    const bool command = std::holds_alternative<protocol::genicam::Command>(type);
    one["value"] = command ? Json(protocol::load<std::uint32_t>(part.bytes))
                           : features::to_json(type, decode(type, part.bytes));
}

}  // namespace

bool in_bootstrap(const Feature& feature) {
    return !feature.value.get && !feature.info.message.is_source() && feature.info.address < bootstrap::kEnd;
}

std::uint32_t mask_of(const Bits& bits) {
    return static_cast<std::uint32_t>((std::uint64_t{1} << (bits.high - bits.low + 1)) - 1);
}

std::uint32_t bits_of(const Bits& bits, std::uint32_t word) { return word >> bits.low & mask_of(bits); }

void append_registers(const RegisterAccess& access, NodeTypes types, Json& list) {
    for (std::size_t at = 0; at < access.size_bytes;) {
        RegisterAccess part{.address = access.address + static_cast<std::uint32_t>(at),
                            .size_bytes = access.size_bytes - at,
                            .bytes = {}};
        const auto plane = part.address & kPlaneMask, base = part.address & ~kPlaneMask;
        const auto place = bootstrap::register_at(part.address);
        const auto* row = feature_row_at(base, types);
        const bool file =
            plane == kValuePlane && base >= kDescriptionFileAddress && base < kDescriptionFileEnd;
        if (place)
            part.size_bytes =
                std::min<std::size_t>(part.size_bytes, place->address + place->size_bytes - part.address);
        else if (row)
            part.size_bytes = std::min<std::size_t>(part.size_bytes, register_end(*row) - base);
        else if (!file)
            part.size_bytes = std::min<std::size_t>(part.size_bytes, 4);
        if (at + part.size_bytes <= access.bytes.size())
            part.bytes = access.bytes.subspan(at, part.size_bytes);
        Json one{{"address", gvcp::hex(part.address, 8)}};
        if (part.size_bytes != 4) one["bytes"] = part.size_bytes;
        if (place)
            add_bootstrap(one, *place, part, types);
        else if (row)
            add_feature(one, *row, plane, part);
        else if (file)
            one["what"] = "description file";
        else if (part.bytes.size() == 4)
            one["value"] = protocol::load<std::uint32_t>(part.bytes);
        list.push_back(std::move(one));
        at += part.size_bytes;
    }
}

bool FeaturePlaces::meet(const RegisterAccess& access) const {
    return std::ranges::any_of(registers, [&](const RegisterAccess& one) {
        const auto base = one.address < bootstrap::kEnd ? access.address : access.address & ~kPlaneMask;
        return base < one.address + one.size_bytes && one.address < base + access.size_bytes;
    });
}

FeaturePlaces places_of(std::string_view name, NodeTypes types) {
    FeaturePlaces places;
    if (const auto* feature = features::find(name, types)) {
        if (feature->info.message.event_id != 0) places.events.push_back(feature->info.message.event_id);
        if (feature->value.get || in_bootstrap(*feature))
            places.registers.push_back({.address = feature->info.address,
                                        .size_bytes = register_bytes(feature->info.type),
                                        .bytes = {}});
    }
    for (std::uint32_t address = 0; address < bootstrap::kEnd; address += 4)
        if (!name.empty() && gvcp::bootstrap_name(address) == name)
            places.registers.push_back(
                {.address = address, .size_bytes = bootstrap::register_at(address)->size_bytes, .bytes = {}});
    return places;
}

std::string_view event_feature(std::uint16_t event_id, NodeTypes types) {
    const auto found = features_where(types, [event_id](const Feature& one) {
        return one.info.message.event_id == event_id && one.info.address == 2;
    });
    return found.empty() ? gvcp::event_name(event_id) : found.front()->info.name;
}

}  // namespace emulator::testbench
