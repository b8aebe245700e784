#include "emulator/testbench/scene_in_force.h"

#include <doctest/doctest.h>

#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using emulator::testbench::changed;
using emulator::testbench::SceneChange;
using emulator::testbench::ScenePlan;
using nlohmann::json;
using scenes::targets::Picture;

// The scene before the camera: what changes it, when, and what it costs nothing to refuse.

namespace {

SceneChange patch(const char* text, std::optional<Time> at = std::nullopt) {
    return {.at = at, .edit = [text](scenes::SceneFile& file) {
                scenes::apply_patch(file.content, json::parse(text));
            }};
}

SceneChange replacement(const std::string& name, std::optional<Time> at = std::nullopt) {
    return {
        .at = at, .edit = [name](scenes::SceneFile& file) { file = *scene_of(name).file; }, .replaces = true};
}

std::string error_of(const ScenePlan& plan, const SceneChange& change) {
    try {
        (void)changed(plan, change);
    } catch (const scenes::ConfigError& error) {
        return error.key + ": " + error.sentence;
    }
    return "";
}

Picture::Frames grey(std::uint8_t code, int width = 4, int height = 2) {
    Picture::Srgb frame(width, height, {code, code, code});
    return std::make_shared<const std::vector<Picture::Frame>>(1, std::move(frame));
}

const scenes::Item& item(const emulator::testbench::Scene& scene) { return scene.world->items.at(0); }
Picture::Frames shown(const emulator::testbench::Scene& scene) {
    return std::get<Picture>(item(scene).target).frames;
}

}  // namespace

TEST_CASE("scene in force: exposures from at_ns on see the new world, earlier ones the old") {
    TestbenchCamera on_bench;
    on_bench.arm();
    const auto at = on_bench.camera.now() + 50ms;
    for (const auto start : {at - 40ms, at - 1ns, at + 40ms})
        on_bench.bench.trigger_in().pulse(true, start, 10us);
    // An edge that is exactly then, planned before the change.
    on_bench.bench.trigger_in().pulse(true, at + 80ms, 10us);
    const auto old_world = on_bench.scene.plan().now.world;
    REQUIRE(on_bench.scene.take(changed(on_bench.scene.plan(), patch(R"({"conveyor": null})", at))));
    REQUIRE(on_bench.scene.take(
        changed(on_bench.scene.plan(), patch(R"({"light": {"illuminance_lx": 77}})", at + 80ms))));
    CHECK(on_bench.scene.plan().now.world == old_world);
    on_bench.camera.run_for(200ms);
    REQUIRE(on_bench.camera.requests.size() == 4);
    std::vector<std::shared_ptr<const scenes::World>> worlds;
    for (const auto& request : on_bench.camera.requests) worlds.push_back(request.world);
    CHECK(worlds[0] == old_world);
    CHECK(worlds[1] == old_world);
    CHECK_FALSE(worlds[2]->conveyor);
    CHECK(worlds[3] != worlds[2]);
    CHECK(on_bench.camera.requests[3].start == at + 80ms);
    CHECK(scenes::light::illuminance_lx(worlds[3]->lamps[0].irradiance) == doctest::Approx(77));
    CHECK(worlds[3] == on_bench.scene.plan().now.world);
    CHECK(on_bench.scene.plan().revision == 4);
    // The truth of a frame is that of its world.
    CHECK(on_bench.bench.frames()[1].world->conveyor);
    CHECK_FALSE(on_bench.bench.frames()[2].world->conveyor);
}

TEST_CASE("scene in force: a change between planned ones goes into those after it") {
    TestbenchCamera on_bench({}, "slanted_edge");
    auto plan = on_bench.scene.plan();
    plan = changed(plan, patch(R"({"light": {"illuminance_lx": 300}})", 3s));
    plan = changed(plan, patch(R"({"items": {"0": {"angle_deg": 11}}})", 1s));
    plan = changed(plan, patch(R"({"background": {"reflectance": 0.3}})"));
    plan = changed(plan, patch(R"({"title": "two"})", 2s));
    REQUIRE(plan.later.size() == 3);
    const auto& last = plan.later[2].scene.file->content;
    CHECK(last["light"]["illuminance_lx"] == 300);
    CHECK(last["items"][0]["angle_deg"] == 11);
    CHECK(last["background"]["reflectance"] == 0.3);
    CHECK(last["title"] == "two");
    CHECK(plan.later[0].scene.file->content["title"] != "two");
    CHECK(*plan.later[1].change.at == 2s);
    // A whole scene at once ends them; a planned one goes on from there.
    CHECK(changed(plan, replacement("flat_field")).later.empty());
    const auto later = changed(plan, replacement("flat_field", 1500ms));
    CHECK(later.later[3].scene.file->name == "flat_field");
    CHECK(later.later[3].scene.file->content["light"]["illuminance_lx"] == 300);
}

TEST_CASE("scene in force: what does not fit is refused with its key, also where a later change would not") {
    TestbenchCamera on_bench({}, "slanted_edge");
    const auto& plan = on_bench.scene.plan();
    CHECK(
        error_of(plan, patch(R"({"light": {"illuminance_lx": -1}})")).starts_with("light.illuminance_lx: "));
    CHECK(error_of(plan, patch(R"({"items": {"box": {"angle_deg": 1}}})")).starts_with("items.box: "));
    CHECK(error_of(plan, patch(R"({"lamp": {}})")).starts_with("lamp: "));
    const auto planned = changed(plan, patch(R"({"items": {"slanted_edge": {"angle_deg": 9}}})", 1s));
    const auto error = error_of(planned, patch(R"({"items": []})"));
    CHECK(error.find("planned for later would not fit") != std::string::npos);
    auto full = plan;
    for (std::size_t i = 0; i < emulator::testbench::kPlannedMost; ++i)
        full = changed(full, patch(R"({"title": "a"})", 1s + std::chrono::milliseconds(i)));
    CHECK(error_of(full, patch(R"({"title": "b"})", 9s)).starts_with("at_ns: "));
    CHECK(error_of(full, patch(R"({"title": "b"})")).empty());
}

TEST_CASE("scene in force: a plan that is based on an older revision is not taken") {
    TestbenchCamera on_bench;
    const auto mine = changed(on_bench.scene.plan(), patch(R"({"title": "mine"})"));
    const auto yours = changed(on_bench.scene.plan(), patch(R"({"title": "yours"})"));
    CHECK(on_bench.scene.take(yours));
    CHECK_FALSE(on_bench.scene.take(mine));
    CHECK(on_bench.scene.plan().now.world->title == "yours");
}

TEST_CASE(
    "scene in force: a fed picture shows from the next exposure on, until its file or the scene changes") {
    TestbenchCamera on_bench({}, "picture");
    on_bench.arm();
    const auto name = item(on_bench.scene.plan().now).name;
    const auto width_m = item(on_bench.scene.plan().now).width_m;
    CHECK_FALSE(on_bench.scene.feed("nothing", grey(1)));
    const auto fed = grey(200);
    REQUIRE(on_bench.scene.feed(name, fed));
    on_bench.bench.trigger_in().pulse(true, on_bench.camera.now(), 10us);
    on_bench.camera.run_for(20ms);
    REQUIRE(on_bench.camera.requests.size() == 1);
    const auto& seen = on_bench.camera.requests[0].world->items[0];
    CHECK(std::get<Picture>(seen.target).frames == fed);
    CHECK(seen.height_m == doctest::Approx(width_m / 2));
    // The log of frames keeps where it is, not what it shows.
    CHECK(std::get<Picture>(on_bench.bench.frames()[0].world->items[0].target).frames == Picture::black());
    CHECK(on_bench.bench.frames()[0].world->items[0].height_m == seen.height_m);

    const auto lit = patch(R"({"light": {"illuminance_lx": 10}})");
    REQUIRE(on_bench.scene.take(changed(on_bench.scene.plan(), lit)));
    CHECK(shown(on_bench.scene.plan().now) == fed);
    const auto other_file =
        changed(on_bench.scene.plan(), patch(R"({"items": {"picture": {"file": null}}})", 1s));
    REQUIRE(on_bench.scene.take(other_file));
    const auto newer = grey(100);
    REQUIRE(on_bench.scene.feed(name, newer));
    CHECK(shown(on_bench.scene.plan().now) == newer);
    on_bench.camera.run_for(2s);
    CHECK(shown(on_bench.scene.plan().now) == Picture::black());
    REQUIRE(on_bench.scene.feed(name, fed));
    REQUIRE(on_bench.scene.take(changed(on_bench.scene.plan(), replacement("picture"))));
    CHECK(shown(on_bench.scene.plan().now) != fed);
}

TEST_CASE("scene in force: a picture is decoded once, whatever else changes") {
    TestbenchCamera on_bench({}, "picture");
    const auto before = shown(on_bench.scene.plan().now);
    const auto plan = changed(on_bench.scene.plan(), patch(R"({"light": {"illuminance_lx": 10}})"));
    CHECK(shown(plan.now) == before);
}
