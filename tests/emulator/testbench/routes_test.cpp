#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "emulator/testbench/http/openapi.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;

// Routes of the HTTP interface, without HTTP.

namespace {

std::string sentence(const Answer& answer) { return answer.body.value("detail", ""); }

}  // namespace

TEST_CASE("routes: the index and the OpenAPI document list every one") {
    TestbenchCamera on_bench;
    const auto routes = on_bench.ask_at("GET", "/api/v1").body["routes"];
    const auto paths = on_bench.ask_at("GET", "/api/v1/openapi.json").body["paths"];
    CHECK(routes.size() == emulator::testbench::route_table().size());
    for (const auto& route : routes) {
        std::string method = route["method"];
        std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::tolower(c); });
        CHECK_MESSAGE(paths[route["path"].get<std::string>()].contains(method), route.dump());
    }
}

TEST_CASE("routes: docs/http.md lists them as the table has them") {
    const auto file = support::source_dir() / "docs" / "http.md";
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const std::string mark = "<!-- What follows is generated from the table of routes. -->\n";
    const auto begin = text.str().find(mark);
    REQUIRE(begin != std::string::npos);
    const auto wanted = text.str().substr(0, begin) + mark + emulator::testbench::routes_markdown();
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file) << wanted;
    CHECK(text.str() == wanted);
}

TEST_CASE("routes: a path that does not exist is 404, and a method that a path does not accept 405") {
    TestbenchCamera on_bench;
    for (const auto* path : {"", "/nothing", "//", "/api", "/api/v1/", "/api/v1/camera/", "/api/v1/Camera",
                             "/api/v1/camera/lines/", "/api/v1/camera/../camera", "/api/v1/cameras/",
                             "/api/v1/cameras/39265002", "/api/v1/cameras/39265001x", "/state"})
        CHECK_MESSAGE(on_bench.ask_at("GET", path).status == 404, path);
    const auto wrong = on_bench.ask("DELETE", "");
    CHECK(wrong.status == 405);
    CHECK(wrong.allowed == "GET");
    CHECK(on_bench.ask("GET", "/lines/trigger_in").allowed == "PUT");
    CHECK(on_bench.ask("PUT", "/lines/trigger_in/train").allowed == "POST, DELETE");
}

TEST_CASE("routes: the camera is found by its serial number, too") {
    TestbenchCamera on_bench;
    for (const auto* path : {"", "/lines", "/leds"}) {
        const auto named = on_bench.ask_at("GET", "/api/v1/cameras/39265001" + std::string(path));
        CHECK(named.status == 200);
        CHECK(named.body == on_bench.get(path));
    }
}

TEST_CASE("routes: without the token only health is answered") {
    TestbenchCamera on_bench;
    const emulator::testbench::Router router("39265001", on_bench.access,
                                             {.token = "secret", .read_only = false});
    const auto status = [&](const char* path, const char* authorization) {
        return router.answer({.method = "GET", .path = path, .authorization = authorization}).status;
    };
    for (const auto* wrong : {"", "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secret ",
                              "Bearer secreT", "bearer secret", "Basic secret", "Bearer secretsecret"}) {
        CHECK(status("/api/v1/camera", wrong) == 401);
        CHECK(status("/nothing", wrong) == 401);
        CHECK(status("/livez", wrong) == 200);
    }
    CHECK(status("/api/v1/camera", "Bearer secret") == 200);
    CHECK(status("/nothing", "Bearer secret") == 404);
}

TEST_CASE("routes: a body is JSON, and says so") {
    TestbenchCamera on_bench;
    const auto with = [&](const std::string& header, bool has_body = true) {
        const auto refused = on_bench.router.refuse({.method = "POST",
                                                     .path = "/api/v1/camera/lines/trigger_in/pulse",
                                                     .type = emulator::testbench::media_type(header),
                                                     .has_body = has_body});
        return refused ? refused->status : 0;
    };
    for (const auto* type :
         {"application/json", "Application/JSON", "application/json;charset=utf-8", "application/json ; x=y"})
        CHECK_MESSAGE(with(type) == 0, type);
    for (const auto* type : {"", "text/plain", "text/plain;application/json",
                             "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                             "application/json5", "text/json", "text/plain, application/json"})
        CHECK_MESSAGE(with(type) == 415, type);
    CHECK(with("text/plain", false) == 0);
}

TEST_CASE("routes: served read-only nothing can be changed") {
    TestbenchCamera on_bench;
    const emulator::testbench::Router router("39265001", on_bench.access, {.token = {}, .read_only = true});
    for (const auto& route : emulator::testbench::route_table()) {
        if (route.method == "GET") continue;
        CHECK(router.answer({.method = std::string(route.method), .path = std::string(route.path)}).status ==
              403);
    }
    CHECK(router.answer({.method = "GET", .path = "/api/v1/camera"}).status == 200);
}

TEST_CASE("routes: an error in a body names its key, and changes nothing") {
    struct Row {
        const char *method, *path, *body, *named;
    };
    constexpr const char *kLevel = "/lines/trigger_in", *kPulse = "/lines/trigger_in/pulse",
                         *kTrain = "/lines/trigger_in/train";
    const Row rows[] = {
        {"PUT", kLevel, "", "high"},
        {"PUT", kLevel, "{", "body"},
        {"PUT", kLevel, "[true]", "body"},
        {"PUT", kLevel, "nonsense", "body"},
        {"PUT", kLevel, R"({"high": 1})", "high"},
        {"PUT", kLevel, R"({"high": true, "hihg": true})", "hihg"},
        {"PUT", kLevel, R"({"high": true, "at_ns": 0.5})", "at_ns"},
        {"PUT", kLevel, R"({"high": true, "at_ns": -5})", "at_ns"},
        {"PUT", kLevel, R"({"high": true, "at_ns": 1})", "at_ns"},
        {"PUT", kLevel, R"({"high": true, "at_ns": 18446744073709551615})", "at_ns"},
        {"PUT", kLevel, R"({"high": true, "after_us": -1})", "after_us"},
        {"PUT", kLevel, R"({"high": true, "after_us": 1e300})", "after_us"},
        {"PUT", kLevel, R"({"high": true, "after_us": 1, "at_ns": 10000000000})", "after_us"},
        {"POST", kPulse, "{}", "width_us"},
        {"POST", kPulse, R"({"width_us": 0})", "width_us"},
        {"POST", kPulse, R"({"width_us": null})", "width_us"},
        {"POST", kPulse, R"({"width_us": "5"})", "width_us"},
        {"POST", kPulse, R"({"width_us": 1e18})", "width_us"},
        {"POST", kTrain, R"({"width_us": 10})", "period_us"},
        {"POST", kTrain, R"({"period_us": 100})", "width_us"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 100})", "period_us"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 10, "jitter_us": 95})", "period_us"},
        {"POST", kTrain, R"({"period_us": 5, "width_us": 1})", "period_us"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 10, "count": -1})", "count"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 10, "count": 2.5})", "count"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 10, "seed": "x"})", "seed"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 10, "bounce": 3})", "bounce"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 10, "bounce": {"us": 3}})", "bounce.times"},
        {"POST", kTrain, R"({"period_us": 900, "width_us": 10, "bounce": {"times": 2, "us": 10}})",
         "width_us"},
        {"POST", kTrain, R"({"period_us": 900, "width_us": 10, "bounce": {"times": 9, "us": 0.01}})",
         "bounce.us"},
        {"POST", kTrain, R"({"period_us": 90, "width_us": 20, "bounce": {"times": 5, "us": 2}})",
         "period_us"},
        {"POST", kTrain, R"({"period_us": 100, "width_us": 10, "bounce": {"times": 0, "us": 0, "x": 1}})",
         "bounce.x"},
    };
    TestbenchCamera on_bench;
    on_bench.camera.run_for(1s);
    for (const auto& row : rows) {
        CAPTURE(row.body);
        const auto answer = on_bench.ask(row.method, row.path, row.body);
        CHECK(answer.status == 400);
        CHECK_MESSAGE(sentence(answer).find(row.named) == 0, sentence(answer));
    }
    on_bench.camera.run_for(1s);
    CHECK(on_bench.signals("trigger_in").empty());
    CHECK(on_bench.get("/lines")["trigger_in"]["edges_to_come"] == false);
}

TEST_CASE("routes: an error in a query names its key") {
    TestbenchCamera on_bench;
    const std::pair<const char*, Query> rows[] = {
        {"/signals", {{"since", "x"}}}, {"/signals", {{"since", "-1"}}},
        {"/signals", {{"since", ""}}},  {"/signals", {{"since", "1 "}}},
        {"/signals", {{"sincs", "1"}}}, {"/signals", {{"since", "99999999999999999999"}}},
        {"/truth", {{"frame", "1.5"}}}, {"/truth", {{"time_ns", "now"}}},
        {"", {{"verbose", "1"}}},       {"/truth", {{"time_ns", "99999999999999999"}}},
    };
    for (const auto& [path, query] : rows) {
        const auto answer = on_bench.ask("GET", path, "", query);
        CHECK(answer.status == 400);
        CHECK_MESSAGE(sentence(answer).find(query.begin()->first) == 0, sentence(answer));
    }
    CHECK(on_bench.ask("GET", "/truth", "", {{"frame", "0"}, {"time_ns", "0"}}).status == 400);
    CHECK(on_bench.ask("GET", "/truth", "", {{"block_id", "0"}}).status == 404);
}

TEST_CASE(
    "routes: more edges than the line's script can hold are a conflict, and what was asked before comes") {
    TestbenchCamera on_bench;
    int taken = 0;
    while (on_bench.ask("POST", "/lines/trigger_in/pulse", R"({"width_us": 1, "after_us": 1000})").status ==
           200)
        ++taken;
    CHECK(taken == emulator::testbench::LineDriver::kEdgesMax / 2);
    CHECK(on_bench.ask("PUT", "/lines/trigger_in", R"({"high": true})").status == 409);
    on_bench.tell("DELETE", "/lines/trigger_in/train");
    CHECK(on_bench.ask("PUT", "/lines/trigger_in", R"({"high": true})").status == 200);
}

TEST_CASE("routes: a level in the clock's own time comes then, though the clock was set to zero before") {
    TestbenchCamera on_bench;
    on_bench.camera.run_for(10s);
    on_bench.client.set("PtpEnable", 0);
    on_bench.client.write(0x0944, 1);  // timestamp reset
    on_bench.camera.run_for(1s);
    CHECK(on_bench.ask("PUT", "/lines/trigger_in", R"({"high": true, "at_ns": 900000000})").status == 400);
    CHECK(on_bench.tell("PUT", "/lines/trigger_in", R"({"high": true, "at_ns": 1500000000})")["begin_ns"] ==
          1'500'000'000);
    on_bench.camera.run_for(1s);
    const auto edges = on_bench.signals("trigger_in");
    REQUIRE(edges.size() == 1);
    CHECK(edges[0]["time_ns"] == 1'500'000'000);
}

TEST_CASE("routes: signals are read on from where one stopped") {
    TestbenchCamera on_bench;
    on_bench.tell("POST", "/lines/trigger_in/train", R"({"period_us": 1000, "width_us": 100, "count": 5})");
    on_bench.camera.run_for(1s);
    auto part = on_bench.get("/signals", {{"limit", "4"}});
    CHECK(part["signals"].size() == 4);
    CHECK(part["next"] == 4);
    CHECK(part["lost"] == 0);
    part = on_bench.get("/signals", {{"since", "4"}});
    CHECK(part["signals"].size() == 6);
    CHECK(part["signals"][0]["number"] == 4);
}

TEST_CASE(
    "routes: the truth of a frame is that of its own moment, with the exposure that it was taken with") {
    TestbenchCamera on_bench;
    on_bench.client.set("ExposureTime", 2000);
    on_bench.client.start();
    on_bench.camera.run_for(300ms);
    on_bench.client.set("ExposureTime", 5000);
    on_bench.camera.run_for(300ms);
    for (const auto& [id, block] : on_bench.client.blocks) {
        if (!block.complete()) continue;
        const auto truth = on_bench.get("/truth", {{"block_id", std::to_string(id)}});
        CHECK(truth["frame"]["block_id"] == id);
        CHECK(truth["frame"]["timestamp_ns"] == block.timestamp());
        const double exposure_us = truth["frame"]["exposure_us"];
        CHECK(truth["time_ns"].get<double>() ==
              doctest::Approx(static_cast<double>(block.timestamp()) + 500 * exposure_us).epsilon(1e-12));
        CHECK(truth["image"]["width"] == 528);
        const auto same = on_bench.get("/truth", {{"frame", truth["frame"]["number"].dump()}});
        CHECK(same == truth);
    }
    CHECK(on_bench.get("/truth", {{"block_id", "1"}})["frame"]["exposure_us"] == 2000);
    const auto last = on_bench.client.blocks.rbegin()->first;
    CHECK(on_bench.get("/truth", {{"block_id", std::to_string(last)}})["frame"]["exposure_us"] == 5000);
}

TEST_CASE("routes: the truth of a frame in the light of a strobe is that of its pulse") {
    TestbenchCamera on_bench;
    const auto put_light = [&](const nlohmann::json& light) {
        on_bench.edit_scene([&](nlohmann::json& content) { content["light"] = light; });
    };
    const nlohmann::json steady{{"illuminance_lx", 1000}};
    auto lamp = steady;
    lamp["line"] = nlohmann::json::object();
    put_light(lamp);
    for (const auto& [name, value] :
         std::initializer_list<std::pair<std::string_view, double>>{{"ExposureTime", 10'000},
                                                                    {"StrobeEnable", 1},
                                                                    {"StrobePolarity", 1},
                                                                    {"StrobeOperation", 0},
                                                                    {"StrobeDuration", 20},
                                                                    {"StrobeDelay", 7000}})
        CHECK(on_bench.client.set(name, value) == 0);
    const auto offset_us = [&] {
        on_bench.client.start();
        on_bench.camera.run_for(300ms);
        on_bench.client.stop();
        on_bench.camera.run_for(100ms);
        const auto& [id, block] = *on_bench.client.blocks.rbegin();
        const auto truth = on_bench.get("/truth", {{"block_id", std::to_string(id)}});
        return static_cast<double>(truth["time_ns"].get<std::int64_t>() -
                                   static_cast<std::int64_t>(block.timestamp())) /
               1000;
    };
    CHECK(offset_us() == doctest::Approx(7010));
    lamp["line"]["delay_us"] = 1000;
    put_light(lamp);
    CHECK(offset_us() == doctest::Approx(8010));
    put_light({lamp, steady});  // 500 times the light, in the middle
    CHECK(offset_us() == doctest::Approx(5000 + 3010.0 / 501));
    put_light(lamp);
    CHECK(on_bench.client.set("StrobeDelay", 20'000) == 0);  // no light at all
    CHECK(offset_us() == doctest::Approx(5000));
}

TEST_CASE("routes: the truth moves with the belt, and says what the lens does") {
    TestbenchCamera on_bench;
    const auto part_at = [&](std::uint64_t ns) {
        const auto truth = on_bench.get("/truth", {{"time_ns", std::to_string(ns)}});
        for (const auto& item : truth["items"])
            if (item["content"] == "A1003") return item;
        return Json();
    };
    const auto early = part_at(1'000'000'000), late = part_at(1'100'000'000);
    REQUIRE(early.is_object());
    REQUIRE(late.is_object());
    const double moved = late["position_m"][0].get<double>() - early["position_m"][0].get<double>();
    CHECK(moved == doctest::Approx(0.1 * early["velocity_m_s"][0].get<double>()));
    const auto lens = on_bench.get("/truth")["lens"];
    CHECK(lens["moving"] == false);
    CHECK(lens["zoom_steps"] == 0);
    CHECK(lens["f_number"].get<double>() >= 1.5);
    on_bench.client.set("Zoom", 500);
    on_bench.camera.run_for(10ms);
    CHECK(on_bench.get("/truth")["lens"]["moving"] == true);
}

TEST_CASE("routes: a name that is not UTF-8 does not disturb") {
    TestbenchCamera on_bench;
    const Bytes name{0xFF, 0xC3, 0x41, 0};
    CHECK(on_bench.client.write_memory(0x00E8, name) == 0);
    const auto state = on_bench.get("");
    CHECK(state["serial"] == "39265001");
    CHECK(!state.dump(-1, ' ', false, Json::error_handler_t::replace).empty());
}
