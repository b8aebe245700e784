#include <doctest/doctest.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using emulator::testbench::Part;
using nlohmann::json;

// The routes of scenes and of the world, in virtual time: good and bad requests, and that bad ones change
// nothing.

namespace {

struct WorldBench : TestbenchCamera {
    using TestbenchCamera::TestbenchCamera;

    Answer send(const std::string& method, const std::string& path, const json& body) {
        return ask_at(method, "/api/v1" + path, body.is_null() ? "" : body.dump());
    }
    Json world() { return ask_at("GET", "/api/v1/world").body; }
    Answer upload(const std::string& name, std::vector<Part> parts) {
        return router.answer({.method = "PUT",
                              .path = "/api/v1/scenes/" + name,
                              .type = "multipart/form-data",
                              .has_body = true,
                              .parts = std::move(parts)});
    }
    Answer put_picture(const std::string& item, const std::string& bytes,
                       const std::string& type = "image/png") {
        return router.answer({.method = "PUT",
                              .path = "/api/v1/world/items/" + item + "/picture",
                              .type = type,
                              .has_body = true,
                              .body = bytes});
    }
    /// A request that is refused with this status and key, and changes nothing.
    void refused(const std::string& method, const std::string& path, const json& body, int status,
                 const std::string& key) {
        CAPTURE(method + " " + path + " " + body.dump());
        const auto before = world();
        const auto answer = send(method, path, body);
        CHECK(answer.status == status);
        CHECK_MESSAGE(answer.body.value("key", "") == key, answer.body.dump());
        CHECK(world()["revision"] == before["revision"]);
        CHECK(world()["content"] == before["content"]);
    }
};

std::string nested(std::size_t deep) { return std::string(deep, '[') + std::string(deep, ']'); }

std::string png(int width, int height, int grey) {
    std::vector<unsigned char> bytes;
    cv::imencode(".png", cv::Mat(height, width, CV_8UC3, cv::Scalar::all(grey)), bytes);
    return {bytes.begin(), bytes.end()};
}

/// Of so many pixels by its header; nothing of them is there.
std::string png_header(std::uint32_t width, std::uint32_t height) {
    std::string bytes("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16);
    for (const auto side : {width, height})
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(side >> shift);
    return bytes;
}

const scenes::Item& first_item(const TestbenchCamera& bench) {
    return bench.scene.plan().now.world->items.at(0);
}

}  // namespace

TEST_CASE("scenes: what is nested too deeply, or would be too large once decoded, is refused before") {
    WorldBench bench;
    for (const std::size_t deep : {66U, 1000U, 200'000U}) {
        CHECK(bench.ask_at("PUT", "/api/v1/world", R"({"items": )" + nested(deep) + "}").status == 400);
        CHECK(bench.upload("mine", {{"scene", "", nested(deep)}}).body["key"] == "scene");
    }
    const auto within = bench.ask_at("PUT", "/api/v1/world", R"({"items": )" + nested(60) + "}");
    CHECK(within.body["key"] != "body");

    const Part scene{"scene", "", R"({"light": {}})"};
    std::vector<Part> parts{scene};
    for (int i = 0; i < 5; ++i)
        parts.push_back({"p" + std::to_string(i), "image/png", png_header(6000, 6000)});
    CHECK(bench.upload("mine", parts).status == 409);
    parts.resize(2);
    CHECK(bench.upload("mine", parts).status == 400);
}

TEST_CASE("world routes: the scene in force is its content, and a patch changes any key of it at once") {
    WorldBench bench({}, "slanted_edge");
    const auto before = bench.world();
    CHECK(before["name"] == "slanted_edge");
    CHECK(before["revision"] == 0);
    CHECK(before["content"]["items"][0]["kind"] == "slanted_edge");
    const auto answer = bench.send("PATCH", "/world",
                                   {{"patch",
                                     {{"light", {{"illuminance_lx", 123}}},
                                      {"background", {{"reflectance", 0.3}, {"distance_m", 9}}},
                                      {"items", {{"slanted_edge", {{"angle_deg", 7}, {"name", "edge"}}}}}}}});
    CHECK_MESSAGE(answer.status == 200, answer.body.dump());
    CHECK(answer.body["revision"] == 1);
    const auto& world = *bench.scene.plan().now.world;
    CHECK(scenes::light::illuminance_lx(world.lamps[0].irradiance) == doctest::Approx(123));
    CHECK(world.background.distance_m == 9);
    CHECK(world.items[0].name == "edge");
    CHECK(bench.world()["content"]["items"][0]["angle_deg"] == 7);
    CHECK(bench.camera.camera.world_at(bench.camera.now()).get() == &world);
}

TEST_CASE("world routes: items are added, patched and removed by their names") {
    WorldBench bench({}, "flat_field");
    const auto count = bench.scene.plan().now.world->items.size();
    const json label{{"kind", "qr"}, {"name", "label"}, {"text", "A1"}};
    CHECK(bench.send("POST", "/world/items", {{"item", label}}).status == 200);
    CHECK(bench.scene.plan().now.world->items.size() == count + 1);
    CHECK(bench.send("PATCH", "/world/items/label", {{"patch", {{"text", "B2"}}}}).status == 200);
    CHECK(bench.scene.plan().now.world->items.back().content == "B2");
    bench.refused("POST", "/world/items", {{"item", label}}, 409, "item.name");
    bench.refused("PATCH", "/world/items/label", {{"patch", {{"text", ""}}}}, 400,
                  "items." + std::to_string(count) + ".text");
    bench.refused("PATCH", "/world/items/box", {{"patch", {{"text", "C"}}}}, 404, "box");
    bench.refused("DELETE", "/world/items/box", nullptr, 404, "box");
    CHECK(bench.send("DELETE", "/world/items/label", nullptr).status == 200);
    CHECK(bench.scene.plan().now.world->items.size() == count);
}

TEST_CASE("world routes: a change at at_ns is planned, listed, and made then") {
    WorldBench bench({}, "flat_field");
    bench.camera.run_for(1s);
    const auto at = bench.world()["time_ns"].get<std::uint64_t>() + 500'000'000;
    const json patch{{"patch", {{"light", {{"illuminance_lx", 77}}}}}, {"at_ns", at}};
    const auto planned = bench.send("PATCH", "/world", patch).body;
    CHECK(planned["planned"].size() == 1);
    CHECK(planned["planned"][0]["at_ns"] == at);
    bench.camera.run_for(499ms);
    CHECK(bench.world()["planned"].size() == 1);
    bench.camera.run_for(1ms);
    CHECK(bench.world()["planned"].empty());
    CHECK(bench.world()["content"]["light"]["illuminance_lx"] == 77);
    bench.refused("PATCH", "/world", {{"patch", json::object()}, {"at_ns", 1}}, 400, "at_ns");
}

TEST_CASE("world routes: whatever is wrong is named, and changes nothing") {
    WorldBench bench({}, "slanted_edge");
    bench.refused("PATCH", "/world", {{"patch", {{"light", {{"illuminance_lx", -1}}}}}}, 400,
                  "light.illuminance_lx");
    bench.refused("PATCH", "/world", {{"patch", {{"light", nullptr}}}}, 400, "light");
    bench.refused("PATCH", "/world", {{"patch", {{"items", {{"box", {{"kind", "qr"}}}}}}}}, 400, "items.box");
    bench.refused("PATCH", "/world", {{"patch", {{"camera", {{"zoom", 1}}}}}}, 409, "camera");
    bench.refused("PATCH", "/world", {{"patch", 3}}, 400, "patch");
    bench.refused("PATCH", "/world", json::object(), 400, "patch");
    bench.refused("PATCH", "/world", {{"patch", json::object()}, {"more", 1}}, 400, "more");
    bench.refused("PUT", "/world", json::object(), 400, "scene");
    bench.refused("PUT", "/world", {{"scene", "conveyor"}, {"content", json::object()}}, 400, "scene");
    bench.refused("PUT", "/world", {{"scene", "no_such"}}, 404, "scene");
    bench.refused("PUT", "/world", {{"scene", "../conveyor"}}, 404, "scene");
    bench.refused("PUT", "/world", {{"content", {{"light", 5}}}}, 400, "light");
    bench.refused("POST", "/world/items", {{"item", {{"kind", "cube"}}}}, 400, "items.1.kind");
    bench.refused("POST", "/world/items", {{"item", {{"kind", "picture"}, {"file", "/etc/passwd"}}}}, 400,
                  "items.1.file");
}

TEST_CASE(
    "world routes: another scene by its name or content, and a patch of a lamp keeps the decoded picture") {
    WorldBench bench({}, "flat_field");
    CHECK(bench.send("PUT", "/world", {{"scene", "picture"}}).status == 200);
    const auto frames = std::get<scenes::targets::Picture>(first_item(bench).target).frames;
    CHECK(frames->size() == 1);
    CHECK(bench.send("PATCH", "/world", {{"patch", {{"light", {{"illuminance_lx", 9}}}}}}).status == 200);
    CHECK(std::get<scenes::targets::Picture>(first_item(bench).target).frames == frames);
    auto content = json::parse(bench.world()["content"].dump());
    content["title"] = "mine";
    CHECK(bench.send("PUT", "/world", {{"content", content}}).status == 200);
    CHECK(bench.world()["title"] == "mine");
    CHECK(std::get<scenes::targets::Picture>(first_item(bench).target).frames == frames);
}

TEST_CASE("world routes: scenes are listed, uploaded with their pictures, and put in force") {
    WorldBench bench;
    const json content{{"light", json::object()},
                       {"items", {{{"kind", "picture"}, {"file", "board.png"}, {"position_m", {0, 0, 2}}}}}};
    CHECK(bench
              .upload("mine", {{"scene", "application/json", content.dump()},
                               {"board.png", "image/png", png(8, 4, 90)}})
              .status == 200);
    const auto list = bench.send("GET", "/scenes", nullptr).body["scenes"];
    CHECK(list.size() == scenes::names().size() + 1);
    CHECK(list.back() == Json{{"name", "mine"}, {"uploaded", true}});
    CHECK(bench.send("GET", "/scenes/mine", nullptr).body["content"] == Json(content));
    CHECK(bench.send("GET", "/scenes/conveyor", nullptr).body["uploaded"] == false);
    CHECK(bench.send("GET", "/scenes/nothing", nullptr).status == 404);
    CHECK(bench.send("PUT", "/world", {{"scene", "mine"}}).status == 200);
    CHECK(first_item(bench).height_m == doctest::Approx(0.5));

    bench.refused("PUT", "/scenes/conveyor", {{"light", json::object()}}, 409, "name");
    bench.refused("PUT", "/scenes/a.b", {{"light", json::object()}}, 400, "name");
    bench.refused("PUT", "/scenes/other", {{"lihgt", json::object()}}, 400, "light");
    CHECK(bench.send("GET", "/scenes/other", nullptr).status == 404);
    CHECK(bench.upload("other", {{"board.png", "image/png", png(8, 4, 90)}}).body["key"] == "scene");
    CHECK(bench.upload("other", {{"scene", "", content.dump()}}).body["key"] == "items.0.file");
    CHECK(
        bench.upload("other", {{"scene", "", content.dump()}, {"board.png", "", "no picture"}}).body["key"] ==
        "board.png");
    CHECK(bench.upload("other", {{"scene", "", "{"}}).body["key"] == "scene");
}

TEST_CASE("world routes: a PNG that is put on a picture is in the next exposure's world") {
    WorldBench bench({}, "picture");
    const auto name = first_item(bench).name;
    CHECK(bench.put_picture(name, png(6, 3, 10)).status == 200);
    CHECK(bench.world()["fed"] == Json::array({name}));
    CHECK(first_item(bench).height_m == doctest::Approx(first_item(bench).width_m / 2));
    CHECK(bench.put_picture("nobody", png(6, 3, 10)).status == 404);
    CHECK(bench.put_picture(name, "no picture").status == 400);
    CHECK(bench.put_picture(name, png(6, 3, 10).substr(0, 30)).status == 400);
    CHECK(bench.put_picture(name, png(6, 3, 10), "text/plain").status == 415);
    // A header of 60000 by 60000 pixels is refused before anything is decoded.
    auto bomb = png(6, 3, 10);
    bomb.replace(16, 8, std::string("\0\0\xEA\x60\0\0\xEA\x60", 8));
    CHECK(bench.put_picture(name, bomb).status == 400);
}

TEST_CASE("world routes: the schemas of scene and profile files are served") {
    WorldBench bench;
    CHECK(bench.send("GET", "/schemas/scene", nullptr).body["properties"].contains("items"));
    CHECK(bench.send("GET", "/schemas/profile", nullptr).body["properties"].contains("serial"));
    CHECK(bench.send("GET", "/schemas/cube", nullptr).status == 404);
}
