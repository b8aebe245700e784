#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "emulator/camera/null_transport.h"
#include "emulator/features/describe.h"
#include "emulator/features/encoding.h"
#include "emulator/features/table.h"
#include "tests/support/fake_client.h"
#include "tests/support/source_dir.h"

// Walks every row of the table: what it promises must be so.

using namespace support;
using namespace emulator::features;
namespace genicam = protocol::genicam;
using json = nlohmann::ordered_json;

namespace {

constexpr std::uint16_t kWriteProtect = 0x8004, kInvalidParameter = 0x8002;

/// Rows that have a register of their own, outside of the bootstrap's.
std::vector<const Feature*> rows() {
    std::vector<const Feature*> all;
    for (const auto& category : table()) {
        for (const auto& feature : category.features) {
            if (feature.value.get) all.push_back(&feature);
        }
    }
    return all;
}

bool is_command(const Feature& row) { return std::holds_alternative<genicam::Command>(row.info.type); }

Bytes read_row(FakeClient& client, const Feature& row) {
    constexpr std::uint32_t kMost = 512;
    Bytes bytes;
    const auto size = genicam::register_bytes(row.info.type);
    for (std::uint32_t at = 0; at < size; at += kMost) {
        const auto ack = client.read_memory(row.info.address + at, std::min(size - at, kMost));
        REQUIRE(ack);
        REQUIRE(ack->status == 0);
        bytes.insert(bytes.end(), ack->payload.begin() + 4, ack->payload.end());
    }
    return bytes;
}

std::uint16_t write_row(FakeClient& client, const Feature& row, ByteView bytes) {
    constexpr std::size_t kMost = 512;
    std::uint16_t status = 0;
    for (std::size_t at = 0; at < bytes.size() && status == 0; at += kMost) {
        status = client.write_memory(row.info.address + static_cast<std::uint32_t>(at),
                                     bytes.subspan(at, std::min(bytes.size() - at, kMost)));
    }
    return status;
}

std::map<std::string_view, Bytes> snapshot(FakeClient& client) {
    std::map<std::string_view, Bytes> all;
    for (const auto* row : rows()) all[row->info.name] = read_row(client, *row);
    return all;
}

bool writable_now(FakeClient& client, const Feature& row) {
    return row.info.access != genicam::Access::ro &&
           client.must_read(row.info.address + genicam::kLockedPlane) == 0 &&
           client.must_read(row.info.address + genicam::kAvailablePlane) == 1;
}

/// What a write is answered with while the row is locked.
std::uint16_t answer_of_lock(const Feature& row) { return row.tolerant ? 0 : kWriteProtect; }

/// Values of the register that the row does not allow.
std::vector<std::int64_t> illegal_values(const Feature& row, const emulator::Camera& camera) {
    const auto& type = row.info.type;
    if (std::holds_alternative<genicam::Flag>(type)) return {2, 255, 0xFFFF'FFFF};
    if (const auto* command = std::get_if<genicam::Command>(&type))
        return {0, std::int64_t{command->value} + 1, 0xFFFF'FFFF};
    if (const auto* choice = std::get_if<genicam::Choice>(&type)) {
        std::int64_t outside = 0;
        while (std::ranges::any_of(choice->entries, [&](const auto& e) { return e.value == outside; }))
            ++outside;
        return {outside, 0xFFFF'FFFF};
    }
    if (!std::holds_alternative<genicam::Integer>(type) && !std::holds_alternative<genicam::Real>(type))
        return {};
    const auto [min, max] = register_range(row, camera);
    std::vector<std::int64_t> values;
    if (max < 0xFFFF'FFFF && !row.clips) values.push_back(max + 1);
    if (min > 0) values.push_back(min - 1);
    if (max < 0x7FFF'FFFF && !row.clips) values.push_back(0x8000'0000);
    const auto* integer = std::get_if<genicam::Integer>(&type);
    if (integer && integer->inc > 1) values.push_back(min + 1);
    return values;
}

/// The manual's statements about each feature, written by hand, independent of the program.
json contract_of_the_manual() {
    std::ifstream in(support::source_dir() / "tests/clients/contract.json");
    const auto contract = json::parse(in);
    json all = json::array();
    for (const auto* part : {"documented", "derived"})
        for (const auto& row : contract.at(part)) all.push_back(row);
    return all;
}

const Feature* find_row(std::string_view name) {
    const auto all = rows();
    const auto found = std::ranges::find(all, name, [](const Feature* row) { return row->info.name; });
    return found == all.end() ? nullptr : *found;
}

/// A value of the contract, as it is set: entries of a choice are named there.
double number_of(std::string_view feature, const json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number()) return value.get<double>();
    const auto& entries = std::get<genicam::Choice>(find_row(feature)->info.type).entries;
    const auto entry = std::ranges::find(entries, value.get<std::string>(), &genicam::Entry::name);
    REQUIRE(entry != entries.end());
    return static_cast<double>(entry->value);
}

/// An end of a range by the contract; nothing if it names none.
std::optional<json> end_of_range(FakeClient& client, const json& row, bool upper) {
    const auto follows = upper ? "max_follows" : "min_follows";
    if (row.contains(follows)) return client.get(row.at(follows).get<std::string>());
    const auto end = row.find(upper ? "max" : "min");
    return end == row.end() ? std::nullopt : std::optional(*end);
}

/// What stands for it in the register: a bound between two steps is drawn inwards.
std::int64_t units_of(const Feature& row, const json& end, bool upper) {
    const auto* real = std::get_if<genicam::Real>(&row.info.type);
    if (!real) return end.get<std::int64_t>();
    const double steps = genicam::steps_of_value(*real, end.get<double>());
    return static_cast<std::int64_t>(upper ? std::floor(steps + 1e-6) : std::ceil(steps - 1e-6));
}

std::int64_t increment_of(const Feature& row) {
    const auto* integer = std::get_if<genicam::Integer>(&row.info.type);
    return integer ? integer->inc : 1;
}

/// Whether the register holds nothing beyond.
bool ends_register(const Feature& row, std::int64_t units, bool upper) {
    const bool is_long = genicam::register_bytes(row.info.type) == 8;
    return upper ? units == (is_long ? std::numeric_limits<std::int64_t>::max() : 0xFFFF'FFFF) : units == 0;
}

}  // namespace

TEST_CASE("every row can be read, and what is read can be written back") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (const auto* row : rows()) {
        CAPTURE(std::string(row->info.name));
        const auto bytes = read_row(client, *row);
        const auto status = write_row(client, *row, bytes);
        if (!writable_now(client, *row)) {
            CHECK(status == answer_of_lock(*row));
        } else if (is_command(*row)) {
            CHECK(status == kInvalidParameter);  // It reads as zero, which is no command.
        } else {
            CHECK(status == 0);
            CHECK(read_row(client, *row) == bytes);
        }
    }
}

TEST_CASE("every illegal value is refused and changes nothing") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto before = snapshot(client);
    for (const auto* row : rows()) {
        CAPTURE(std::string(row->info.name));
        const bool protects = !writable_now(client, *row);
        for (const auto value : illegal_values(*row, camera.camera)) {
            CAPTURE(value);
            const auto bytes = encode_number(row->info.type, value);
            CHECK(write_row(client, *row, bytes) == (protects ? answer_of_lock(*row) : kInvalidParameter));
        }
    }
    CHECK(snapshot(client) == before);
    CHECK_FALSE(camera.camera.streaming());
}

TEST_CASE(
    "both ends of every range are those of the manual: they are taken, and what lies beyond is refused") {
    VirtualCameraOptions whole_sensor;
    whole_sensor.profile.power_up.image = {};
    int ends = 0;
    for (const auto& row : contract_of_the_manual()) {
        const std::string name = row.at("name");
        const auto* feature = find_row(name);
        if (!feature || row.at("access") != "RW" || row.contains("apart")) continue;
        const auto free = row.value("free", json::object());
        CAPTURE(name);
        VirtualCamera camera(whole_sensor);
        FakeClient client(camera);
        client.take_control();
        for (const auto& [other, value] : free.items())
            CHECK(client.set(other, number_of(other, value)) == 0);
        for (const bool upper : {false, true}) {
            CAPTURE(upper);
            const auto end = end_of_range(client, row, upper);
            if (!end) continue;
            const auto units = units_of(*feature, *end, upper);
            const auto taken = encode_number(feature->info.type, units);
            CHECK(write_row(client, *feature, taken) == 0);
            CHECK(read_row(client, *feature) == taken);
            ++ends;
            if (feature->clips || row.contains("adjusts") || ends_register(*feature, units, upper)) continue;
            const auto beyond = units + (upper ? 1 : -1) * increment_of(*feature);
            CHECK(write_row(client, *feature, encode_number(feature->info.type, beyond)) ==
                  kInvalidParameter);
            CHECK(read_row(client, *feature) == taken);
        }
    }
    CHECK(ends > 100);
}

TEST_CASE("every entry of every choice can be chosen") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (const auto* row : rows()) {
        const auto* choice = std::get_if<genicam::Choice>(&row->info.type);
        if (!choice || !writable_now(client, *row)) continue;
        CAPTURE(std::string(row->info.name));
        for (const auto& entry : choice->entries) {
            CHECK(client.write(row->info.address, static_cast<std::uint32_t>(entry.value)) == 0);
            CHECK(client.must_read(row->info.address) == static_cast<std::uint32_t>(entry.value));
        }
    }
}

TEST_CASE("the planes give range, lock and availability, and cannot be written") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    for (const auto* row : rows()) {
        CAPTURE(std::string(row->info.name));
        const auto address = row->info.address;
        CHECK(client.must_read(address + genicam::kLockedPlane) <= 1);
        CHECK(client.must_read(address + genicam::kAvailablePlane) <= 1);
        if (row->range && genicam::register_bytes(row->info.type) == 4) {
            const auto [min, max] = register_range(*row, camera.camera);
            CHECK(client.must_read(address + genicam::kMinPlane) == static_cast<std::uint32_t>(min));
            CHECK(client.must_read(address + genicam::kMaxPlane) == static_cast<std::uint32_t>(max));
        } else if (!row->range) {
            CHECK(client.read_status(address + genicam::kMinPlane) == 0x8003);
        }
        CHECK(client.read_status(address + 0x5000'0000) == 0x8003);
        for (const auto plane :
             {genicam::kMinPlane, genicam::kMaxPlane, genicam::kLockedPlane, genicam::kAvailablePlane}) {
            CHECK(client.write(address + plane, 1) == kWriteProtect);
        }
    }
}

TEST_CASE("features that must not change while the camera streams are locked then, and only then") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    std::map<std::string_view, std::uint32_t> idle;
    for (const auto* row : rows())
        idle[row->info.name] = client.must_read(row->info.address + genicam::kLockedPlane);
    client.start();
    int frozen_rows = 0;
    for (const auto* row : rows()) {
        CAPTURE(std::string(row->info.name));
        const bool frozen = row->info.frozen_while_streaming;
        if (frozen) CHECK(idle[row->info.name] == 0);
        CHECK(client.must_read(row->info.address + genicam::kLockedPlane) ==
              (frozen ? 1 : idle[row->info.name]));
        frozen_rows += frozen;
    }
    CHECK(frozen_rows > 5);
    client.stop();
    camera.run_for(1s);
    for (const auto* row : rows())
        CHECK(client.must_read(row->info.address + genicam::kLockedPlane) == idle[row->info.name]);
}

TEST_CASE("no two features have the same name, and every selector exists") {
    std::set<std::string_view> names;
    std::set<std::string_view> selectors;
    for (const auto& category : table()) {
        CHECK(names.insert(category.name).second);
        for (const auto& feature : category.features) {
            CAPTURE(std::string(feature.info.name));
            CHECK(names.insert(feature.info.name).second);
            if (!feature.info.selector.empty()) selectors.insert(feature.info.selector);
            for (const char c : feature.info.name)
                CHECK((std::isalnum(static_cast<unsigned char>(c)) || c == '_'));
            // A tip is a sentence.
            CHECK(std::string_view(".)").find(feature.info.tip.back()) != std::string_view::npos);
        }
    }
    for (const auto selector : selectors) {
        CAPTURE(std::string(selector));
        CHECK(names.contains(selector));
    }
}

TEST_CASE("entries of a choice have different names and values") {
    for (const auto& category : table()) {
        for (const auto& feature : category.features) {
            const auto* choice = std::get_if<genicam::Choice>(&feature.info.type);
            if (!choice) continue;
            CAPTURE(std::string(feature.info.name));
            std::set<std::string_view> names;
            std::set<std::int64_t> values;
            for (const auto& entry : choice->entries) {
                CHECK(names.insert(entry.name).second);
                CHECK(values.insert(entry.value).second);
            }
        }
    }
}

TEST_CASE("registers can be read across their borders, and gaps cannot") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto width = FakeClient::address_of("Width"), height = FakeClient::address_of("Height");
    REQUIRE(height == width + 4);
    const auto both = client.read_memory(width, 8);
    REQUIRE(both->status == 0);
    CHECK(number_at(both->payload, 4, 4) == 528);
    CHECK(number_at(both->payload, 8, 4) == 64);
    std::uint32_t end = 0;
    for (const auto* row : rows())
        end = std::max(end, row->info.address + genicam::register_bytes(row->info.type));
    CHECK(client.read_memory(end - 4, 8)->status == 0x8003);
}

TEST_CASE("a write across several registers sets them all") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.write_memory(FakeClient::address_of("Width"), be32(1024) + be32(768)) == 0);
    CHECK(client.get("Width") == 1024);
    CHECK(client.get("Height") == 768);
}

TEST_CASE("FEATURES.md says what the table says") {
    const auto file = support::source_dir() / "emulator/features/FEATURES.md";
    emulator::sim::TimeControl time;
    emulator::NullTransport null_transport;
    const emulator::Camera camera({}, {}, time, null_transport, null_transport);
    const auto fresh = to_markdown(table(), camera);
    if (std::getenv("UPDATE_GOLDEN")) std::ofstream(file) << fresh;
    std::ifstream in(file);
    std::stringstream stored;
    stored << in.rdbuf();
    CHECK_MESSAGE(stored.str() == fresh,
                  "emulator/features/FEATURES.md is stale: run unit_tests with UPDATE_GOLDEN=1");
}
