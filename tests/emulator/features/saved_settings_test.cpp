#include <doctest/doctest.h>
#include <tinyxml2.h>

#include <random>
#include <set>

#include "emulator/features/table.h"
#include "tests/support/feature_values.h"

// A client saves the streamable features that it could write, in the order of the description, and loads them
// in that order: as GenApi's feature bags do, below every value of a selector.

using namespace support;
using emulator::features::Feature;
namespace genicam = protocol::genicam;

namespace {

struct Saved {
    const Feature* feature;
    const Feature* selector = nullptr;
    std::int64_t selected = 0;
    Bytes bytes = {};
    bool operator==(const Saved&) const = default;
};

const Feature* find(std::string_view name) {
    for (const auto& category : emulator::features::table()) {
        for (const auto& feature : category.features) {
            if (feature.info.name == name) return &feature;
        }
    }
    return nullptr;
}

/// Features that the description calls streamable, in its order, below each choice of their selector.
std::vector<Saved> places() {
    tinyxml2::XMLDocument document;
    static const VirtualCamera camera;
    document.Parse(camera.camera.registers().xml().c_str());
    std::set<std::string_view> streamable;
    const auto* node = document.RootElement()->FirstChildElement();
    for (; node; node = node->NextSiblingElement()) {
        if (node->FirstChildElement("Streamable"))
            streamable.insert(find(node->Attribute("Name"))->info.name);
    }
    std::vector<Saved> all;
    for (const auto& category : emulator::features::table()) {
        for (const auto& feature : category.features) {
            if (!streamable.contains(feature.info.name)) continue;
            const auto* selector = find(feature.info.selector);
            if (!selector) all.push_back({.feature = &feature});
            for (const auto choice :
                 selector ? units_to_try(*selector, camera.camera) : std::vector<std::int64_t>{})
                all.push_back({.feature = &feature, .selector = selector, .selected = choice});
        }
    }
    return all;
}

struct NetworkTransport {
    VirtualCamera camera;
    FakeClient client{camera};

    explicit NetworkTransport(const emulator::Profile& profile = {}) : camera({.profile = profile}) {
        client.take_control();
    }

    void select(const Saved& place) {
        if (!place.selector) return;
        CHECK(put_bits(client, place.selector->info, static_cast<std::uint32_t>(place.selected)) == 0);
    }
    [[nodiscard]] bool locked(const Feature& feature) {
        return feature.value.get && client.must_read(feature.info.address + genicam::kLockedPlane) == 1;
    }
    [[nodiscard]] Bytes read(const Feature& feature) {
        const auto& info = feature.info;
        if (std::holds_alternative<genicam::Raw>(info.type))
            return read_long(client, info.address, genicam::register_bytes(info.type));
        return be32(bits_of(client.must_read(info.address), info.bits));
    }
    std::uint16_t write(const Feature& feature, const Bytes& bytes) {
        if (bytes.size() > 4) return write_long(client, feature.info.address, bytes);
        return put_bits(client, feature.info, static_cast<std::uint32_t>(number_at(bytes, 0, 4)));
    }

    std::vector<Saved> save() {
        std::vector<Saved> all;
        for (auto place : places()) {
            select(place);
            if (locked(*place.feature)) continue;
            place.bytes = read(*place.feature);
            all.push_back(place);
        }
        return all;
    }
    void load(const std::vector<Saved>& all) {
        for (const auto& place : all) {
            CAPTURE(std::string(place.feature->info.name));
            select(place);
            CHECK(write(*place.feature, place.bytes) == 0);
        }
    }
    /// Many random writes.
    void use(std::uint32_t seed) {
        std::mt19937 random(seed);
        const auto all = places();
        for (int i = 0; i < 600; ++i) {
            const auto& place = all[random() % all.size()];
            select(place);
            if (std::holds_alternative<genicam::Raw>(place.feature->info.type)) {
                (void)client.set("LUTIndex", random() % 257);
                (void)client.set("LUTValue", random() % 65536);
                continue;
            }
            const auto units = units_to_try(*place.feature, camera.camera);
            (void)put_bits(client, place.feature->info,
                           static_cast<std::uint32_t>(units[random() % units.size()]));
            client.acks.clear();
        }
    }
};

}  // namespace

TEST_CASE("settings saved from a used camera and loaded into a new one give the same camera") {
    std::size_t loaded = 0;
    for (std::uint32_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        NetworkTransport used, fresh;
        used.use(seed);
        const auto saved = used.save();
        fresh.load(saved);
        const auto again = fresh.save();
        REQUIRE(again.size() == saved.size());
        for (std::size_t i = 0; i < saved.size(); ++i) {
            CAPTURE(std::string(saved[i].feature->info.name));
            CHECK(again[i] == saved[i]);
        }
        for (const auto* name :
             {"PayloadSize", "WidthMax", "HeightMax", "MaxFPS", "MinFPS", "OffsetX", "OffsetY"})
            CHECK(fresh.client.get(name) == used.client.get(name));
        loaded += saved.size();
    }
    CHECK(loaded > 30 * 70);
}
