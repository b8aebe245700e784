#include <doctest/doctest.h>

#include <tinyxml2.h>

#include <set>

#include "emulator/features/describe.h"
#include "emulator/features/table.h"
#include "tests/support/fake_client.h"

// Five features have another type on real cameras than the manual says; a profile chooses.

using namespace support;
using emulator::NodeTypes;
using emulator::features::Feature;
using emulator::features::table;
namespace genicam = protocol::genicam;

namespace {

constexpr std::uint16_t kWriteProtect = 0x8004;

VirtualCameraOptions with(NodeTypes types) {
    VirtualCameraOptions options;
    options.profile.node_types = types;
    return options;
}

/// A camera by the manual, and one as they are in the field.
struct Both {
    VirtualCamera manual{with(NodeTypes::manual)}, field{with(NodeTypes::field)};
};

std::string set(VirtualCamera& camera, std::string_view name, const std::string& text) {
    return camera.camera.registers().set_by_name(name, text);
}

const Feature* row(NodeTypes types, std::string_view name) {
    for (const auto& category : table(types)) {
        for (const auto& feature : category.features) {
            if (feature.info.name == name) return &feature;
        }
    }
    return nullptr;
}

/// The kind of a feature's node in the description that a client gets.
std::string node_kind(const VirtualCamera& camera, const char* name) {
    tinyxml2::XMLDocument document;
    document.Parse(camera.camera.registers().xml().c_str());
    for (const auto* node = document.RootElement()->FirstChildElement(); node;
         node = node->NextSiblingElement()) {
        if (std::string_view(node->Attribute("Name")) == name) return node->Name();
    }
    return "";
}

}  // namespace

TEST_CASE("the two profiles differ in five features and one misspelt name, and in nothing else") {
    const std::set<std::string_view> five{"OffsetAutoCenter", "ExposureAutoUpperLimitAuto", "GPOut",
                                          "ActionSelector", "TriggerOverlap"};
    const auto manual = table(NodeTypes::manual), field = table(NodeTypes::field);
    REQUIRE(manual.size() == field.size());
    std::size_t differ = 0;
    for (std::size_t i = 0; i < manual.size(); ++i) {
        CHECK(manual[i].name == field[i].name);
        const auto& more = manual[i].also_in_the_field;
        REQUIRE(manual[i].features.size() + more.size() == field[i].features.size());
        if (!more.empty()) CHECK(more[0].info.name == "ExposureAutoHighlighReduction");
        for (std::size_t j = 0; j < manual[i].features.size(); ++j) {
            const auto &one = manual[i].features[j], &other = field[i].features[j];
            CAPTURE(std::string(one.info.name));
            CHECK(one.info.name == other.info.name);
            CHECK(one.info.address == other.info.address);
            const bool same =
                one.info.type.index() == other.info.type.index() && one.info.access == other.info.access;
            CHECK(same != one.in_the_field.has_value());
            if (!same) CHECK(five.contains(one.info.name));
            differ += !same;
        }
    }
    CHECK(differ == five.size());
}

TEST_CASE("OffsetAutoCenter is a flag by the manual and a choice in the field") {
    Both both;
    auto &manual = both.manual, &field = both.field;
    CHECK(node_kind(manual, "OffsetAutoCenter") == "Boolean");
    CHECK(node_kind(field, "OffsetAutoCenter") == "Enumeration");
    CHECK(set(manual, "OffsetAutoCenter", "false") == "");
    CHECK(set(manual, "OffsetAutoCenter", "Off") != "");
    CHECK(set(field, "OffsetAutoCenter", "Off") == "");
    CHECK(set(field, "OffsetAutoCenter", "false") != "");
    for (auto* camera : {&manual, &field}) {
        CHECK_FALSE(camera->camera.settings.image.offset_auto_center);
        FakeClient client(*camera);
        client.take_control();
        CHECK(client.set("OffsetX", 100) == 0);
        CHECK(client.set("OffsetAutoCenter", 2) == 0x8002);
        CHECK(client.set("OffsetAutoCenter", 1) == 0);
        CHECK(client.get("OffsetX") == (2048 - 528) / 2);
        CHECK(client.must_read(FakeClient::address_of("OffsetX") + 0x3000'0000) == 1);
    }
}

TEST_CASE("GPOut is a flag by the manual and a number in the field") {
    Both both;
    auto &manual = both.manual, &field = both.field;
    CHECK(node_kind(manual, "GPOut") == "Boolean");
    CHECK(node_kind(field, "GPOut") == "Integer");
    CHECK(set(manual, "GPOut", "true") == "");
    CHECK(set(field, "GPOut", "1") == "");
    CHECK(set(field, "GPOut", "true") != "");
    for (auto* camera : {&manual, &field}) {
        FakeClient client(*camera);
        client.take_control();
        CHECK(client.get("GPOut") == 1);
        CHECK(camera->camera.strobe_out());
        CHECK(client.set("GPOut", 2) == 0x8002);
        CHECK(client.set("GPOut", 0) == 0);
        CHECK_FALSE(camera->camera.strobe_out());
    }
}

TEST_CASE("TriggerOverlap can be written by the manual, and only be read in the field") {
    Both both;
    auto &manual = both.manual, &field = both.field;
    const double read_out = 0, off = 1;
    CHECK(set(manual, "TriggerOverlap", "Off") == "");
    CHECK(set(field, "TriggerOverlap", "Off") != "");
    CHECK(row(NodeTypes::field, "TriggerOverlap")->info.access == genicam::Access::ro);
    for (auto* camera : {&manual, &field}) {
        FakeClient client(*camera);
        client.take_control();
        CHECK(client.get("TriggerOverlap") == (camera == &manual ? off : read_out));
        CHECK(client.set("TriggerOverlap", read_out) == (camera == &manual ? 0 : kWriteProtect));
        CHECK(client.set("IMXLowLatencyTriggerMode", 1) == 0);
        CHECK(client.get("TriggerOverlap") == off);
        CHECK(client.set("TriggerOverlap", read_out) == kWriteProtect);
        CHECK(client.set("IMXLowLatencyTriggerMode", 0) == 0);
        CHECK(client.get("TriggerOverlap") == read_out);
    }
}

TEST_CASE("ExposureAutoUpperLimitAuto is a choice by the manual and a flag in the field") {
    Both both;
    auto &manual = both.manual, &field = both.field;
    CHECK(node_kind(manual, "ExposureAutoUpperLimitAuto") == "Enumeration");
    CHECK(node_kind(field, "ExposureAutoUpperLimitAuto") == "Boolean");
    CHECK(set(manual, "ExposureAutoUpperLimitAuto", "Off") != "");  // locked, as exposure is not automatic
    for (auto* camera : {&manual, &field}) CHECK(set(*camera, "ExposureAuto", "Continuous") == "");
    CHECK(set(manual, "ExposureAutoUpperLimitAuto", "Off") == "");
    CHECK(set(manual, "ExposureAutoUpperLimitAuto", "false") != "");
    CHECK(set(field, "ExposureAutoUpperLimitAuto", "false") == "");
    CHECK(set(field, "ExposureAutoUpperLimitAuto", "Off") != "");
    for (auto* camera : {&manual, &field}) {
        FakeClient client(*camera);
        client.take_control();
        CHECK(client.get("ExposureAutoUpperLimitAuto") == 0);
        CHECK(client.set("ExposureAuto", 1) == 0);
        CHECK(client.set("ExposureAutoUpperLimit", 20'000) == 0);
        CHECK(client.set("ExposureAutoUpperLimitAuto", 2) == 0x8002);
        CHECK(client.set("ExposureAutoUpperLimitAuto", 1) == 0);
        CHECK(client.set("ExposureAutoUpperLimit", 20'000) == kWriteProtect);
        const auto period_us = 1e6 / client.get("AcquisitionFrameRate");
        CHECK(client.get("ExposureAutoUpperLimit") == doctest::Approx(period_us).epsilon(1e-3));
    }
}

TEST_CASE("ActionSelector is a choice by the manual and a number in the field") {
    Both both;
    auto &manual = both.manual, &field = both.field;
    CHECK(node_kind(manual, "ActionSelector") == "Enumeration");
    CHECK(node_kind(field, "ActionSelector") == "Integer");
    CHECK(set(manual, "ActionSelector", "Action0") == "");
    CHECK(set(field, "ActionSelector", "0") == "");
    CHECK(set(field, "ActionSelector", "Action0") != "");
    for (auto* camera : {&manual, &field}) {
        FakeClient client(*camera);
        client.take_control();
        CHECK(client.get("ActionSelector") == 0);
        CHECK(client.set("ActionSelector", 1) == 0x8002);
    }
}

TEST_CASE("the list of features shows the types of its profile") {
    const Both both;
    const auto &manual = both.manual, &field = both.field;
    const auto by_manual = emulator::features::to_markdown(table(NodeTypes::manual), manual.camera);
    const auto in_field = emulator::features::to_markdown(table(NodeTypes::field), field.camera);
    CHECK(by_manual.find("| GPOut | Boolean (field: Integer) | RW |") != std::string::npos);
    CHECK(in_field.find("| GPOut | Integer | RW | 0 .. 1 | 0 |") != std::string::npos);
}
