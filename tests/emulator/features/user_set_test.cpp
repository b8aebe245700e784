#include <doctest/doctest.h>

#include <map>

#include "emulator/features/table.h"
#include "tests/support/fake_client.h"

// A law of user sets: what is saved comes back, whatever it is.

using namespace support;
namespace features = emulator::features;
namespace genicam = protocol::genicam;

namespace {

using Values = std::map<std::string, std::uint32_t>;

/// State that is a session's, or that survives by itself.
bool of_no_set(std::string_view name) {
    return name == "TLParamsLocked" || name == "UserSetDefault" || name.starts_with("Test");
}

const features::Feature* row_named(std::string_view name) {
    for (const auto& category : features::table()) {
        for (const auto& feature : category.features) {
            if (feature.info.name == name && feature.value.get) return &feature;
        }
    }
    return nullptr;
}

template <class Visit>
void each_state(Visit visit) {
    for (const auto& category : features::table()) {
        for (const auto& feature : category.features) {
            const bool command = std::holds_alternative<genicam::Command>(feature.info.type);
            if (feature.value.get && feature.info.access == genicam::Access::rw && !command) visit(feature);
        }
    }
}

std::vector<std::uint32_t> entries(const features::Feature& selector) {
    std::vector<std::uint32_t> all;
    if (const auto* choice = std::get_if<genicam::Choice>(&selector.info.type)) {
        for (const auto& entry : choice->entries) all.push_back(static_cast<std::uint32_t>(entry.value));
    } else {
        const auto& index = std::get<genicam::Integer>(selector.info.type);
        for (auto i = index.min; i <= index.max; i += index.inc) all.push_back(static_cast<std::uint32_t>(i));
    }
    return all;
}

bool is_selector(const features::Feature& row) {
    bool selects = false;
    for (const auto& category : features::table()) {
        for (const auto& other : category.features) selects |= other.info.selector == row.info.name;
    }
    return selects;
}

/// Names of what is not the same.
std::string differences(const Values& one, const Values& other) {
    std::string names;
    for (const auto& [name, value] : one) {
        if (other.at(name) != value) names += name + " ";
    }
    return names;
}

/// All that a client can read of what can be written, with every selector at each of its entries in turn.
Values all_values(FakeClient& client) {
    Values values;
    each_state([&](const features::Feature& row) {
        const auto name = std::string(row.info.name);
        if (of_no_set(name) || is_selector(row) || genicam::register_bytes(row.info.type) != 4) return;
        const auto* selector = row_named(row.info.selector);
        if (!selector) {
            values[name] = client.must_read(row.info.address);
            return;
        }
        for (const auto entry : entries(*selector)) {
            client.write(selector->info.address, entry);
            values[name + "[" + std::to_string(entry) + "]"] = client.must_read(row.info.address);
        }
    });
    for (const auto* result : {"PayloadSize", "WidthMax", "HeightMax"})
        values[result] = client.must_read(FakeClient::address_of(result));
    return values;
}

/// A legal value anywhere in the range of the moment, in units of the register.
std::uint32_t any_legal(const features::Feature& row, const emulator::Camera& camera, Dice& dice) {
    const auto& type = row.info.type;
    if (const auto* choice = std::get_if<genicam::Choice>(&type))
        return static_cast<std::uint32_t>(choice->entries[dice.below(choice->entries.size())].value);
    if (std::holds_alternative<genicam::Flag>(type)) return static_cast<std::uint32_t>(dice.below(2));
    const auto [min, max] = features::register_range(row, camera);
    const auto* integer = std::get_if<genicam::Integer>(&type);
    const auto step = integer ? integer->inc : 1;
    const auto steps = static_cast<std::uint64_t>((max - min) / step);
    return static_cast<std::uint32_t>(min + step * static_cast<std::int64_t>(dice.below(steps + 1)));
}

void write_legally(FakeClient& client, const emulator::Camera& camera, Dice& dice, int times) {
    std::vector<const features::Feature*> rows;
    each_state([&](const features::Feature& row) {
        if (genicam::register_bytes(row.info.type) == 4 && !of_no_set(row.info.name)) rows.push_back(&row);
    });
    for (int i = 0; i < times; ++i) {
        const auto& row = *rows[dice.below(rows.size())];
        client.write(row.info.address, any_legal(row, camera, dice));
    }
}

}  // namespace

TEST_CASE(
    "whatever a client has set comes back from a user set, after a power cycle and from any other state") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        VirtualCamera camera;
        FakeClient client(camera);
        client.take_control();
        write_legally(client, camera.camera, dice, 400);
        const auto saved = all_values(client);
        client.set("UserSetSelector", 1);
        CHECK(client.set("UserSetSave", 1) == 0);
        write_legally(client, camera.camera, dice, 400);
        CHECK(differences(saved, all_values(client)) != "");
        client.set("UserSetSelector", 1);
        CHECK(client.set("UserSetLoad", 1) == 0);
        CHECK(differences(saved, all_values(client)) == "");

        VirtualCameraOptions options;
        options.flash = camera.stored.back();
        VirtualCamera again(options);
        FakeClient visitor(again);
        visitor.take_control();
        visitor.set("UserSetSelector", 1);
        CHECK(visitor.set("UserSetLoad", 1) == 0);
        CHECK(differences(saved, all_values(visitor)) == "");
    }
}
