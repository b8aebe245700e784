#include "emulator/features/table.h"

#include <array>
#include <deque>
#include <vector>

#include "emulator/features/acquisition_control.h"
#include "emulator/features/action_control.h"
#include "emulator/features/analog_control.h"
#include "emulator/features/auto_functions_roi.h"
#include "emulator/features/chunk_data_control.h"
#include "emulator/features/device_control.h"
#include "emulator/features/digital_io_control.h"
#include "emulator/features/event_control.h"
#include "emulator/features/image_format_control.h"
#include "emulator/features/lens_control.h"
#include "emulator/features/lut_control.h"
#include "emulator/features/ptp_control.h"
#include "emulator/features/relations.h"
#include "emulator/features/test_control.h"
#include "emulator/features/transport_layer_control.h"
#include "emulator/features/user_set_control.h"
#include "protocol/gvcp/bootstrap.h"

namespace emulator::features {
namespace {

constexpr std::array kTable{
    Category{"DeviceControl", kDeviceControl},
    Category{"ImageFormatControl", kImageFormatControl},
    Category{"AcquisitionControl", kAcquisitionControl, kAcquisitionControlInTheField},
    Category{"LUTControl", kLutControl},
    Category{"AnalogControl", kAnalogControl},
    Category{"DigitalIO", kDigitalIO},
    Category{"MultiFrameSetOutputModeControl", kMultiFrameSetOutputModeControl},
    Category{"ColorTransformationControl", kColorTransformationControl},
    Category{"LensControl", kLensControl},
    Category{"AutoFunctionsROI", kAutoFunctionsROI},
    Category{"TransportLayerControl", kTransportLayerControl},
    Category{"ActionControl", kActionControl},
    Category{"EventControl", kEventControl},
    Category{"ChunkDataControl", kChunkDataControl},
    Category{"TestControl", kTestControl},
    Category{"UserSetControl", kUserSetControl},
    Category{"PtpControl", kPtpControl},
};

constexpr bool range_is_sound(const Type& type) {
    if (const auto* integer = std::get_if<Integer>(&type))
        return integer->min <= integer->max && integer->inc > 0;
    if (const auto* real = std::get_if<Real>(&type)) return real->min < real->max && real->step > 0;
    if (const auto* choice = std::get_if<Choice>(&type)) return !choice->entries.empty();
    return register_bytes(type) % 4 == 0;
}

constexpr void check_row(const Feature& feature) {
    const auto& info = feature.info;
    if (info.name.empty() || info.tip.empty()) throw "a feature has no name or no tip";
    if (!range_is_sound(info.type)) throw "a feature's range is empty, or its size is no multiple of 4";
    if (feature.clips && !std::holds_alternative<Integer>(info.type))
        throw "only integers become the largest possible";
    if (feature.tolerant && !feature.locked) throw "nothing is tolerated where nothing is locked";
    if (!feature.value.get) {
        if (info.address >= protocol::bootstrap::kEnd)
            throw "a feature outside of the bootstrap registers has no value";
        return;
    }
    if (info.access != Access::ro && !feature.value.set) throw "a writable feature cannot be set";
    if (info.access == Access::ro && feature.value.set) throw "a read-only feature can be set";
    if (info.access == Access::rw && std::holds_alternative<Raw>(info.type) && feature.in_user_sets)
        throw "user sets have no place for memory without further meaning";
    if (info.address % 4 != 0 || info.address < protocol::bootstrap::kEnd)
        throw "a feature's address is not aligned, or one of the bootstrap registers";
    if (feature.in_the_field && register_bytes(feature.in_the_field->type) != register_bytes(info.type))
        throw "a feature's register has two sizes";
}

/// Whether the predicate holds for any row, those of the field included.
constexpr bool any_row(std::span<const Category> table, auto visit) {
    for (const auto& category : table) {
        for (const auto rows : {category.features, category.also_in_the_field}) {
            for (const auto& feature : rows) {
                if (visit(feature)) return true;
            }
        }
    }
    return false;
}

constexpr bool overlap(const Feature& one, const Feature& other) {
    return &one != &other && one.value.get && other.value.get &&
           one.info.address < other.info.address + register_bytes(other.info.type) &&
           other.info.address < one.info.address + register_bytes(one.info.type);
}

/// Throws a sentence, which the compiler prints, if a row is not what a row must be.
consteval bool well_formed(std::span<const Category> table) {
    for (const auto& category : table) {
        if (category.features.empty()) throw "a category has no features";
    }
    any_row(table, [](const Feature& feature) {
        check_row(feature);
        return false;
    });
    const bool shared = any_row(table, [table](const Feature& one) {
        return any_row(table, [&one](const Feature& other) { return overlap(one, other); });
    });
    if (shared) throw "two features share a register";
    const auto exists = [table](std::string_view name) {
        return any_row(table, [name](const Feature& feature) { return feature.info.name == name; });
    };
    for (const auto& [writer, affected] : kRelations) {
        if (!exists(writer) || !exists(affected)) throw "a relation names a feature that does not exist";
    }
    for (const auto name : kStreamSwitches) {
        if (!exists(name)) throw "a switch of the stream does not exist";
    }
    return true;
}

static_assert(well_formed(kTable));

/// The table with the types of the field.
struct FieldTable {
    std::deque<std::vector<Feature>> rows;
    std::vector<Category> categories;

    FieldTable() {
        for (const auto& category : kTable) {
            auto& copied = rows.emplace_back(category.features.begin(), category.features.end());
            copied.insert(copied.end(), category.also_in_the_field.begin(), category.also_in_the_field.end());
            for (auto& feature : copied) take_types(feature);
            categories.push_back({category.name, copied});
        }
    }

    static void take_types(Feature& feature) {
        if (!feature.in_the_field) return;
        feature.info.type = feature.in_the_field->type;
        feature.info.access = feature.in_the_field->access;
        feature.in_the_field.reset();
        if (feature.info.access != Access::ro) return;
        feature.value.set = nullptr;
        feature.locked = nullptr;
    }
};

}  // namespace

std::span<const Category> table(NodeTypes types) {
    if (types == NodeTypes::manual) return kTable;
    static const FieldTable in_the_field;
    return in_the_field.categories;
}

const Feature* find(std::string_view name, NodeTypes types) {
    for (const auto& category : table(types))
        for (const auto& feature : category.features)
            if (feature.info.name == name) return &feature;
    return nullptr;
}

}  // namespace emulator::features
