#include <doctest/doctest.h>

#include "scenes/seen.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using nlohmann::json;

// The camera's own pose over HTTP, in virtual time.

namespace {

struct PoseBench : TestbenchCamera {
    using TestbenchCamera::TestbenchCamera;

    Answer put(const json& body) { return ask("PUT", "/pose", body.dump()); }
    Json pose() { return get("/pose"); }
    /// A request that is refused with this key, and changes nothing.
    void refused(const json& body, const std::string& key) {
        CAPTURE(body.dump());
        const auto before = ask_at("GET", "/api/v1/world").body["revision"];
        const auto answer = put(body);
        CHECK(answer.status == 400);
        CHECK_MESSAGE(answer.body.value("key", "") == key, answer.body.dump());
        CHECK(ask_at("GET", "/api/v1/world").body["revision"] == before);
    }
    [[nodiscard]] scenes::Vec3 position_at(Time at) const {
        const auto world = camera.camera.world_at(at);
        return scenes::camera_at(*world, std::chrono::nanoseconds(bench.ticks(at))).position_m;
    }
};

}  // namespace

TEST_CASE(
    "pose route: without one the camera stands at the origin, and one that is put is in force at once") {
    PoseBench bench({}, "checkerboard");
    const auto start = bench.pose();
    CHECK(start["of_scene"] == true);
    CHECK(start["position_m"] == Json({0, 0, 0}));
    CHECK(start["motion"]["velocity_m_s"] == Json({0, 0, 0}));
    const auto said = bench.put({{"position_m", {0.1, 0, -0.2}}, {"rotation_deg", {0, 20, 0}}});
    REQUIRE_MESSAGE(said.status == 200, said.body.dump());
    CHECK(said.body["of_scene"] == false);
    CHECK(said.body["position_m"] == Json({0.1, 0, -0.2}));
    CHECK(bench.pose()["rotation_deg"] == Json({0, 20, 0}));
    CHECK(bench.position_at(bench.camera.now()) == scenes::Vec3{0.1, 0, -0.2});
    const auto truth = bench.get("/truth");
    CHECK(truth["camera"]["position_m"] == Json({0.1, 0, -0.2}));
    // What brings the board's place of the world into the frame of the pupil brings it to its truth.
    const auto &R = truth["camera"]["R"], &t = truth["camera"]["t"];
    const double board[] = {0.01, 0, 1};
    for (std::size_t row = 0; row < 3; ++row) {
        double at = t[row].get<double>();
        for (std::size_t i = 0; i < 3; ++i) at += R[row][i].get<double>() * board[i];
        CHECK(at == doctest::Approx(truth["items"][0]["t"][row].get<double>()));
    }
}

TEST_CASE("pose route: a pose outlives a change of the scene and gives way to that of the scene again") {
    PoseBench bench({}, "checkerboard");
    bench.edit_scene([](json& content) { content["camera_pose"] = {{"position_m", {0, 0, 0.5}}}; });
    CHECK(bench.pose()["position_m"] == Json({0, 0, 0.5}));
    CHECK(bench.put({{"position_m", {1, 0, 0}}}).status == 200);
    CHECK(bench.ask_at("PUT", "/api/v1/world", R"({"scene": "dot_grid"})").status == 200);
    CHECK(bench.pose()["position_m"] == Json({1, 0, 0}));
    CHECK(bench.ask_at("PATCH", "/api/v1/world", R"({"patch": {"camera_pose": {"position_m": [0, 2, 0]}}})")
              .status == 200);
    CHECK(bench.pose()["position_m"] == Json({1, 0, 0}));
    const auto own = bench.ask("DELETE", "/pose");
    CHECK(own.status == 200);
    CHECK(own.body["of_scene"] == true);
    CHECK(own.body["position_m"] == Json({0, 2, 0}));
}

TEST_CASE("pose route: poses are planned beside changes of the scene, and each kind ends its own") {
    PoseBench bench({}, "checkerboard");
    bench.camera.run_for(1s);
    const auto ns = [&](Time from_now) { return bench.bench.ticks(bench.camera.now() + from_now); };
    CHECK(bench.put({{"position_m", {0, 0, 0.1}}, {"at_ns", ns(100ms)}}).status == 200);
    const json patch{{"patch", {{"title", "later"}}}, {"at_ns", ns(200ms)}};
    CHECK(bench.ask_at("PATCH", "/api/v1/world", patch.dump()).status == 200);
    CHECK(bench.pose()["planned"].size() == 1);
    CHECK(bench.pose()["planned"][0]["at_ns"] == ns(100ms));
    CHECK(bench.ask_at("GET", "/api/v1/world").body["planned"].size() == 1);
    const auto now = bench.camera.now();
    CHECK(bench.position_at(now + 99ms).z == 0);
    CHECK(bench.position_at(now + 100ms).z == 0.1);
    CHECK(bench.position_at(now + 200ms).z == 0.1);
    CHECK(bench.ask_at("PUT", "/api/v1/world", R"({"scene": "dot_grid"})").status == 200);
    CHECK(bench.ask_at("GET", "/api/v1/world").body["planned"].empty());
    CHECK(bench.pose()["planned"].size() == 1);
    bench.camera.run_for(150ms);
    CHECK(bench.pose()["position_m"] == Json({0, 0, 0.1}));
    CHECK(bench.pose()["planned"].empty());
    CHECK(bench.put({{"at_ns", ns(50ms)}}).status == 200);
    CHECK(bench.put({{"position_m", {0, 0, 0.3}}}).status == 200);
    CHECK(bench.pose()["planned"].empty());
}

TEST_CASE("pose route: a motion follows the camera's clock, by velocity or by waypoints") {
    PoseBench bench({}, "checkerboard");
    CHECK(bench.put({{"velocity_m_s", {0.5, 0, 0}}, {"spin_deg_s", {0, 0, 10}}}).status == 200);
    bench.camera.run_for(2s);
    const auto moved = bench.pose();
    const double time_s = 1e-9 * moved["time_ns"].get<double>();
    CHECK(moved["position_m"][0] == doctest::Approx(0.5 * time_s));
    CHECK(moved["rotation_deg"][2] == doctest::Approx(10 * time_s));
    const json path = {{"path",
                        {{{"at_s", time_s}, {"position_m", {0, 0, 0}}},
                         {{"at_s", time_s + 2}, {"position_m", {1, 0, 0}}, {"rotation_deg", {0, 8, 0}}}}}};
    CHECK(bench.put(path).status == 200);
    bench.camera.run_for(1s);
    const auto half = bench.pose();
    CHECK(half["position_m"][0] == doctest::Approx(0.5).epsilon(1e-3));
    CHECK(half["rotation_deg"][1] == doctest::Approx(4).epsilon(1e-3));
    CHECK(half["motion"]["path"].size() == 2);
    const auto item = bench.get("/truth")["items"][0];
    CHECK(item["velocity_m_s"][0].get<double>() < -0.3);
    bench.camera.run_for(5s);
    CHECK(bench.pose()["position_m"] == Json({1, 0, 0}));
}

TEST_CASE("pose route: what is wrong is refused with its key and changes nothing") {
    PoseBench bench({}, "checkerboard");
    bench.camera.run_for(1s);
    bench.refused({{"position_m", {0, 0}}}, "position_m");
    bench.refused({{"position_m", {0, 0, 10001}}}, "position_m");
    bench.refused({{"rotation_deg", {0, 361, 0}}}, "rotation_deg");
    bench.refused({{"velocity_m_s", {0, 0, 1001}}}, "velocity_m_s");
    bench.refused({{"spin_deg_s", {0, 0, 100001}}}, "spin_deg_s");
    bench.refused({{"period_s", -1}}, "period_s");
    bench.refused({{"pose", {0, 0, 1}}}, "pose");
    bench.refused({{"path", json::array()}}, "path");
    bench.refused({{"path", {{{"at_s", 2}}, {{"at_s", 1}}}}}, "path.1.at_s");
    bench.refused({{"path", {{{"at_s", 2}}}}, {"position_m", {0, 0, 0}}}, "position_m");
    bench.refused({{"position_m", {0, 0, 1}}, {"at_ns", 5}}, "at_ns");
    CHECK(bench.put({{"position_m", {-10000, 0, 10000}}, {"rotation_deg", {-360, 360, 0}}}).status == 200);
}
