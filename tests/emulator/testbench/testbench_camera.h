#pragma once

#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/direct_access.h"
#include "emulator/testbench/http/router.h"
#include "tests/support/fake_client.h"

/// A camera in virtual time with its test bench and a client that streams; requests as over HTTP, without
/// sockets.
namespace testbench_camera {

using namespace support;
using emulator::testbench::Answer;
using emulator::testbench::Json;

inline emulator::testbench::Scene scene_of(const std::string& name) {
    return emulator::testbench::make_scene(scenes::read_scene_file(name, {}));
}

using Query = std::multimap<std::string, std::string>;

struct TestbenchCamera {
    explicit TestbenchCamera(const VirtualCameraOptions& options = {}, const std::string& of = "conveyor")
        : camera(options),
          scene(camera.camera, camera.time.camera(), scene_of(of)),
          bench(camera.camera, camera.time, scene, camera.faults, emulator::testbench::SceneLibrary()),
          access(bench),
          router("39265001", access, {}),
          client(camera) {
        bench.started();
        client.take_control();
        client.keep_alive();
        client.open_stream();
    }

    void edit_scene(const std::function<void(nlohmann::json& content)>& edit) {
        const auto change = [&](scenes::SceneFile& file) { edit(file.content); };
        REQUIRE(scene.take(emulator::testbench::changed(scene.plan(), {.edit = change})));
    }

    Answer ask_at(const std::string& method, const std::string& path, const std::string& body = "",
                  const Query& query = {}) {
        return router.answer({.method = method, .path = path, .query = query, .body = body});
    }
    /// The path is one below that of the camera.
    Answer ask(const std::string& method, const std::string& path, const std::string& body = "",
               const Query& query = {}) {
        return ask_at(method, "/api/v1/camera" + path, body, query);
    }
    /// The answer's body, which must be one of success.
    Json get(const std::string& path, const Query& query = {}) {
        const auto answer = ask("GET", path, "", query);
        CHECK(answer.status == 200);
        return answer.body;
    }
    Json tell(const std::string& method, const std::string& path, const std::string& body = "") {
        const auto answer = ask(method, path, body);
        CHECK_MESSAGE(answer.status == 200, answer.body.dump());
        return answer.body;
    }
    /// All signals of this name.
    std::vector<Json> signals(const std::string& name) {
        std::vector<Json> found;
        const auto all = get("/signals", {{"limit", "5000"}});
        for (const auto& signal : all["signals"])
            if (signal["signal"] == name) found.push_back(signal);
        return found;
    }
    std::string colour() { return get("/leds")["status"]["colour"]; }
    /// Frames come when TRIGGER_IN says so, exactly then.
    void arm() {
        CHECK(client.set("TriggerMode", 1) == 0);
        CHECK(client.set("IMXLowLatencyTriggerMode", 1) == 0);
        client.start();
        camera.run_for(1ms);
    }

    VirtualCamera camera;
    emulator::testbench::SceneInForce scene;
    emulator::testbench::Bench bench;
    emulator::testbench::DirectAccess access;
    emulator::testbench::Router router;
    FakeClient client;
};

}  // namespace testbench_camera
