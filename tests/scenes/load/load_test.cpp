#include <doctest/doctest.h>

#include "tests/scenes/scene_support.h"
#include "tests/support/source_dir.h"

using namespace scenes;
using namespace scenes::testing;

namespace {

struct Wrong {
    std::string content, key, part_of_sentence;
};

std::string with_item(const std::string& item) { return R"({"light": {}, "items": [{)" + item + "}]}"; }

/// What goes wrong with a file's content.
ConfigError error_of(const std::string& content, const std::vector<std::string>& overrides = {}) {
    try {
        (void)scene_of(content, overrides);
    } catch (const ConfigError& error) {
        return error;
    }
    return {"", "", "nothing is wrong"};
}

}  // namespace

TEST_CASE("every scene that comes with the program loads, and shows something at its own camera settings") {
    CHECK(names().size() == 12);
    for (const std::string& name : names()) {
        CAPTURE(name);
        const World world = scene(name);
        CHECK(world.name == name);
        CHECK(world.title.size() > 10);
        CHECK(!truth(world, plain_view(), {}).items.empty() == !(world.items.empty() && !world.conveyor));
    }
}

TEST_CASE("scenes of a folder add to those that the program carries, and outrank them") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("gigemu_scenes_" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    for (const char* name : {"own.json", "conveyor.json"})
        std::ofstream(folder / name) << R"({"light": {}, "title": "of a folder"})";
    const std::vector folders{folder};
    CHECK(names(folders).size() == names().size() + 1);
    CHECK(load("own", {}, folders).title == "of a folder");
    CHECK(load("conveyor", {}, folders).title == "of a folder");
    CHECK(load("picture", {}, folders).title == scene("picture").title);
    CHECK_THROWS_AS((void)load("own", {}), ConfigError);
    std::filesystem::remove_all(folder);
}

TEST_CASE(
    "whatever is wrong in a scene file ends in one sentence with the file, the key and what is expected") {
    const Wrong table[] = {
        {"{", "line 1, column 2", "not JSON"},
        {"[]", "", "a scene is an object in braces"},
        {"{}", "light", "the key is missing"},
        {R"({"light": {}, "lihgt": 1})", "lihgt", "this key is not known"},
        {R"({"light": {"illuminance_klx": 1}})", "light.illuminance_klx",
         "\"illuminance_lx\" is perhaps meant"},
        {R"({"light": {"illuminance_lx": "bright"}})", "light.illuminance_lx",
         "A number from 0 to 200000 (lx) is expected"},
        {R"({"light": {"illuminance_lx": -1}})", "light.illuminance_lx", "from 0 to 200000 (lx)"},
        {R"({"light": {"illuminance_lx": null}})", "light.illuminance_lx", "but null was found"},
        {R"({"light": {"spectrum": "D66"}})", "light.spectrum", "One of blackbody, daylight, led, A, D50"},
        {R"({"light": {"spectrum": "blackbody"}})", "light.temperature_k", "from 1000 to 20000 (K)"},
        {R"({"light": {"spectrum": "IR850"}})", "light.irradiance_w_m2", "infrared and has no lux"},
        {R"({"light": {"illuminance_lx": 1, "irradiance_w_m2": 1}})", "light.irradiance_w_m2", "not both"},
        {R"({"light": {"flicker": {"depth": 0.3}}})", "light.flicker.depth", "A list of 1 to 3 numbers"},
        {R"({"light": {"flicker": {}, "line": {}}})", "light.line", "not both"},
        {R"({"light": {"line": true}})", "light.line", "An object in braces"},
        {R"({"light": {"line": {"active_low": 1}}})", "light.line.active_low", "true or false"},
        {R"({"light": {"line": {"delay_us": 1000001}}})", "light.line.delay_us", "from 0 to 1000000 (us)"},
        {R"({"light": {"line": {"level_off": 1.5}}})", "light.line.level_off", "from 0 to 1"},
        {R"({"light": {"line": {"name": "Line2"}}})", "light.line.name", "not known"},
        {R"({"light": []})", "light", "At least one lamp"},
        {R"({"light": [{}, {"lux": 3}]})", "light.1.lux", "not known"},
        {R"({"light": {}, "seed": -1})", "seed", "from 0"},
        {R"({"light": {}, "title": 3})", "title", "A text in quotes"},
        {R"({"light": {}, "camera": {"zoom": 1001}})", "camera.zoom", "from 0 to 1000"},
        {R"({"light": {}, "camera": {"exposure_ms": 5}})", "camera.exposure_ms",
         "\"exposure_us\" is perhaps meant"},
        {R"({"light": {}, "background": {"reflectance": 2}})", "background.reflectance", "from 0 to 1"},
        {R"({"light": {}, "background": {"reflectance": "gold"}})", "background.reflectance",
         "white_paint, barium_sulfate"},
        {R"({"light": {}, "background": 0.5})", "background", "An object in braces"},
        {R"({"light": {}, "items": {}})", "items", "A list of objects"},
        {R"({"light": {}, "items": [3]})", "items.0", "an object in braces"},
        {with_item(""), "items.0.kind", "the key is missing"},
        {with_item(R"("kind": "cube")"), "items.0.kind", "One of uniform, colour_chart"},
        {with_item(R"("kind": "uniform", "size_m": [1])"), "items.0.size_m", "A list of 2 numbers"},
        {with_item(R"("kind": "uniform", "size_m": [1, 0])"), "items.0.size_m", "(m)"},
        {with_item(R"("kind": "uniform", "position_m": [0, 0, 10001])"), "items.0.position_m", "(m)"},
        {R"({"light": {}, "camera_pose": []})", "camera_pose", "An object in braces"},
        {R"({"light": {}, "camera_pose": {"position_m": [0, 0]}})", "camera_pose.position_m",
         "A list of 3 numbers"},
        {R"({"light": {}, "camera_pose": {"rotation_deg": [0, 361, 0]}})", "camera_pose.rotation_deg",
         "(deg)"},
        {R"({"light": {}, "camera_pose": {"rotation": [0, 1, 0]}})", "camera_pose.rotation", "not known"},
        {R"({"light": {}, "camera_pose": {"path": []}})", "camera_pose.path", "1 to 1000 waypoints"},
        {R"({"light": {}, "camera_pose": {"path": [{"at_s": 1}, {"at_s": 1}]}})", "camera_pose.path.1.at_s",
         "after that of the waypoint before"},
        {R"({"light": {}, "camera_pose": {"path": [{"at_s": 3}], "period_s": 2}})", "camera_pose.path.0.at_s",
         "not above period_s"},
        {R"({"light": {}, "camera_pose": {"path": [{"position_m": [0, 0, 0]}]}})", "camera_pose.path.0.at_s",
         "the key is missing"},
        {R"({"light": {}, "camera_pose": {"path": [{"at_s": 3}], "spin_deg_s": [0, 0, 1]}})",
         "camera_pose.spin_deg_s", "exclude each other"},
        {with_item(R"("kind": "uniform", "cycles": 9)"), "items.0.cycles", "not known"},
        {with_item(R"("kind": "siemens_star", "cycles": 2.5)"), "items.0.cycles", "A whole number"},
        {with_item(R"("kind": "dot_grid", "pitch_m": 0.01, "diameter_m": 0.02)"), "items.0.diameter_m",
         "not above pitch_m"},
        {with_item(R"("kind": "grey_steps", "reflectances": [0.1])"), "items.0.reflectances",
         "2 to 64 numbers"},
        {with_item(R"("kind": "text", "text": "five €")"), "items.0.text", "A to Z"},
        {with_item(R"("kind": "qr", "text": "")"), "items.0.text", "fits into such a code"},
        {with_item(R"("kind": "point_light", "luminance_cd_m2": 1, "lamp": 1)"), "items.0.lamp",
         "from 0 to 0"},
        {with_item(R"("kind": "point_light")"), "items.0.luminance_cd_m2", "the key is missing"},
        {with_item(R"("kind": "picture", "file": "no_such_file.png")"), "items.0.file", "that exists"},
        {with_item(R"("kind": "uniform"}, {"kind": "uniform")"), "items.1.name", "two items have the name"},
        {R"({"light": {}, "conveyor": {"speed_mm_s": 5}})", "conveyor.speed_mm_s",
         "\"speed_m_s\" is perhaps meant"},
        {R"({"light": {}, "conveyor": {"serial_prefix": "ä"}})", "conveyor.serial_prefix", "A to Z"},
    };
    for (const Wrong& row : table) {
        CAPTURE(row.content);
        const ConfigError error = error_of(row.content);
        const std::string what = error.what();
        CHECK(error.key == row.key);
        CHECK_MESSAGE(error.sentence.find(row.part_of_sentence) != std::string::npos, what);
        CHECK(what.find("gigemu_scene_") != std::string::npos);
        CHECK(what.find('\n') == std::string::npos);
        CHECK(what.back() == '.');
    }
}

TEST_CASE("a scene that is not there is said to be missing, and which there are") {
    const auto what = [](const std::string& name) -> std::string {
        try {
            (void)scene(name);
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(what("no_such_scene").find("the scenes are checkerboard, colour_chart") != std::string::npos);
    CHECK(what("no/such/file.json").find("does not exist") != std::string::npos);
}

TEST_CASE("overrides reach numbers, lists, texts and items by name or index, and are checked like the file") {
    const std::string content = with_item(R"("name": "edge", "kind": "slanted_edge")");
    const auto loaded = [&](const std::string& assignment) { return scene_of(content, {assignment}); };
    CHECK(light::illuminance_lx(loaded("light.illuminance_lx=123").lamps[0].irradiance) ==
          doctest::Approx(123).epsilon(1e-6));
    CHECK(loaded("items.edge.position_m=[1,2,3]").items[0].pose.position_m == Vec3{1, 2, 3});
    CHECK(loaded("items.slanted_edge.position_m=[1,2,3]").items[0].pose.position_m == Vec3{1, 2, 3});
    CHECK(loaded("items.0.kind=\"siemens_star\"").items[0].kind == "siemens_star");
    CHECK(loaded("items.0.kind=siemens_star").items[0].kind == "siemens_star");
    CHECK(loaded("background.reflectance=0.4").background.reflectance[0] == 0.4);
    CHECK(loaded("title=a=b").title == "a=b");

    CHECK(error_of(content, {"light.illuminance_lx=bright"}).key == "light.illuminance_lx");
    CHECK(error_of(content, {"light.lux=1"}).key == "light.lux");
    CHECK(error_of(content, {"items.box.angle_deg=1"}).sentence.find("no item \"box\"") != std::string::npos);
    CHECK(error_of(content, {"items.7.angle_deg=1"}).sentence.find("no item \"7\"") != std::string::npos);
    CHECK(error_of(content, {"items.edge.kind.x=1"}).sentence.find("nothing below") != std::string::npos);
    CHECK(error_of(content, {"nonsense"}).sentence.find("KEY=VALUE") != std::string::npos);
}

TEST_CASE("the example of the scene files' handbook is a scene") {
    std::ifstream handbook(support::source_dir() / "configs" / "scenes" / "README.md");
    const std::string text{std::istreambuf_iterator<char>(handbook), {}};
    const auto from = text.find("```json") + 7, to = text.find("```", from);
    const World world = scene_of(text.substr(from, to - from));
    CHECK(world.items.size() == 2);
    CHECK(world.camera.zoom == 400);
}
