#include <doctest/doctest.h>

#include "emulator/features/table.h"
#include "emulator/testbench/http/schema.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;

// Features, the event stream and metrics over HTTP, without HTTP.

namespace {

Answer put(TestbenchCamera& on_bench, const std::string& name, const std::string& body) {
    return on_bench.ask("PUT", "/features/" + name, body);
}

/// A bench whose client has no control.
struct Uncontrolled : TestbenchCamera {
    Uncontrolled() {
        client.stop();
        client.take_control(0);
    }
};

std::string next(const Answer& stream) { return (*stream.more)(); }

}  // namespace

TEST_CASE("features: every feature of the table is there, with what its type has") {
    TestbenchCamera on_bench;
    const auto list = on_bench.get("/features")["features"];
    std::size_t count = 0;
    for (const auto& category : emulator::features::table()) count += category.features.size();
    REQUIRE(list.size() == count);
    for (const auto& one : list) {
        CAPTURE(one.dump());
        const std::string type = one["type"], access = one["access"];
        if (type == "Integer" || type == "Float") {
            CHECK(one["min"] <= one["max"]);
            const bool carried = one["value"].is_null();
            CHECK((carried || one["value"].is_number()));
        }
        if (type == "Enumeration") CHECK(one["entries"].contains(one["value"].get<std::string>()));
        if (type == "Boolean") CHECK((one["value"].is_boolean() || one["value"].is_null()));
        if (type == "Command") CHECK(one["value"].is_null());
        if (access == "RO") CHECK(one["locked"] == true);
        CHECK(one["locked"] == one.contains("lock_reason"));
    }
    CHECK(on_bench.get("/features", {{"category", "LensControl"}})["features"].size() > 3);
    CHECK(on_bench.get("/features", {{"category", "Nothing"}})["features"].empty());
}

TEST_CASE("features: a value is that of the register, and limits are those of the moment") {
    Uncontrolled on_bench;
    CHECK(on_bench.get("/features/Width")["max"] == 2048);
    CHECK(on_bench.get("/features/OffsetX")["max"] == 2048 - 528);
    CHECK(put(on_bench, "Width", R"({"value": 1024})").status == 200);
    CHECK(on_bench.get("/features/OffsetX")["max"] == 1024);
    CHECK(on_bench.client.get("Width") == 1024);
    CHECK(put(on_bench, "ExposureAuto", R"({"value": "Off"})").status == 200);
    CHECK(put(on_bench, "ExposureTime", R"({"value": 20})").body["value"] == 20);
    CHECK(put(on_bench, "ExposureTime", R"({"value": 30000000})").body["value"] == 30000000);
    CHECK(put(on_bench, "DeviceUserID", R"({"value": "line 3"})").body["value"] == "line 3");
    CHECK(put(on_bench, "GevHeartbeatTimeout", R"({"value": 5000})").body["value"] == 5000);
}

TEST_CASE("features: what does not fit is 400 and names the feature, and changes nothing") {
    Uncontrolled on_bench;
    CHECK(put(on_bench, "ExposureAuto", R"({"value": "Off"})").status == 200);
    const auto before = on_bench.get("/features");
    const std::pair<const char*, const char*> rows[] = {{"Width", "527"},
                                                        {"Width", "2064"},
                                                        {"Width", "1000.5"},
                                                        {"Width", "1e300"},
                                                        {"Width", "\"1024\""},
                                                        {"Width", "null"},
                                                        {"Width", "true"},
                                                        {"Width", "[1024]"},
                                                        {"ExposureTime", "19"},
                                                        {"ExposureTime", "3e7001"},
                                                        {"Gain", "-1"},
                                                        {"Gain", "{}"},
                                                        {"ExposureAuto", "\"On\""},
                                                        {"ExposureAuto", "77"},
                                                        {"ReverseX", "1"},
                                                        {"ReverseX", "\"true\""},
                                                        {"DeviceUserID", "\"seventeen letters\""},
                                                        {"LUTValueAll", "\"00\""},
                                                        {"Gamma", "0.009"},
                                                        {"Gamma", "5.001"},
                                                        {"DeviceReset", "7"}};
    for (const auto& row : rows) {
        CAPTURE(row.first);
        CAPTURE(row.second);
        const auto answer = put(on_bench, row.first, "{\"value\": " + std::string(row.second) + "}");
        CHECK(answer.status == 400);
    }
    CHECK(on_bench.get("/features") == before);
    CHECK(put(on_bench, "NoSuch", R"({"value": 1})").status == 404);
    CHECK(on_bench.ask("GET", "/features/Width", "", {{"selector", "1"}}).status == 400);
    CHECK(on_bench.ask("GET", "/features/NoSuch").status == 404);
}

TEST_CASE("features: what cannot be written now is 409 and says why") {
    Uncontrolled on_bench;
    const auto reason = [&](const char* name, const char* value) -> std::string {
        const auto answer = put(on_bench, name, "{\"value\": " + std::string(value) + "}");
        CHECK(answer.status == 409);
        return answer.body.value("detail", "");
    };
    CHECK(put(on_bench, "ExposureAuto", R"({"value": "Continuous"})").status == 200);
    CHECK(reason("ExposureTime", "100").find("ExposureAuto is Continuous") != std::string::npos);
    CHECK(reason("SensorWidth", "100").find("read-only") != std::string::npos);
    on_bench.client.take_control();
    on_bench.client.open_stream();
    on_bench.client.start();
    const auto answer = put(on_bench, "Width", R"({"value": 1024, "override": true})");
    CHECK(answer.status == 409);
    CHECK(answer.body["detail"].get<std::string>().find("acquisition is running") != std::string::npos);
}

TEST_CASE("features: a shorter heartbeat timeout counts from the last command of the client") {
    TestbenchCamera on_bench;
    on_bench.client.stop_heartbeat();
    (void)on_bench.client.read(0x0A00);
    on_bench.camera.run_for(200ms);
    CHECK(put(on_bench, "GevHeartbeatTimeout", R"({"value": 1000, "override": true})").status == 200);
    on_bench.camera.run_for(790ms);
    CHECK(on_bench.camera.camera.device.control.taken());
    on_bench.camera.run_for(20ms);
    CHECK(!on_bench.camera.camera.device.control.taken());
}

TEST_CASE("features: while a client has control a write needs to override it") {
    TestbenchCamera on_bench;
    CHECK(put(on_bench, "Gamma", R"({"value": 1.5})").status == 409);
    CHECK(on_bench.get("/features/Gamma")["value"] == 1.0);
    CHECK(put(on_bench, "Gamma", R"({"value": 1.5, "override": false})").status == 409);
    CHECK(put(on_bench, "Gamma", R"({"value": 1.5, "override": true})").status == 200);
    CHECK(on_bench.get("/features/Gamma")["value"] == 1.5);
}

TEST_CASE("features: a selector can be named, and stays where it was") {
    Uncontrolled on_bench;
    CHECK(put(on_bench, "LUTIndex", R"({"value": 7})").status == 200);
    const double at_20 = on_bench.get("/features/LUTValue", {{"selector", "20"}})["value"];
    const double wanted = at_20 + 1;
    CHECK(put(on_bench, "LUTValue", "{\"value\": " + Json(wanted).dump() + ", \"selector\": 20}").status ==
          200);
    CHECK(on_bench.get("/features/LUTIndex")["value"] == 7);
    CHECK(on_bench.get("/features/LUTValue", {{"selector", "20"}})["value"] == wanted);
    CHECK(put(on_bench, "LUTValue", R"({"value": 1, "selector": 9999})").status == 400);
    CHECK(put(on_bench, "LUTValue", R"({"value": 1, "selector": "x"})").status == 400);
    CHECK(on_bench.get("/features/LUTIndex")["value"] == 7);
}

TEST_CASE("features: a command is executed") {
    Uncontrolled on_bench;
    CHECK(put(on_bench, "Gamma", R"({"value": 2})").status == 200);
    CHECK(put(on_bench, "UserSetLoad", "{}").status == 200);
    CHECK(on_bench.get("/features/Gamma")["value"] == 1.0);
}

TEST_CASE("events: one stream has the topics that were asked for, from then on, whoever changed what") {
    TestbenchCamera on_bench;
    on_bench.tell("PUT", "/lines/trigger_in", R"({"high": true})");
    const auto both = on_bench.ask("GET", "/events");
    const auto signals = on_bench.ask("GET", "/events", "", {{"topics", "signals"}});
    REQUIRE(both.status == 200);
    CHECK(both.type == "text/event-stream");
    CHECK(next(both).empty());
    on_bench.tell("PUT", "/lines/trigger_in", R"({"high": false})");
    CHECK(on_bench.client.set("Gamma", 2) == 0);
    const auto text = next(both);
    CHECK(text.find("event: signals\ndata: {\"number\":1,") != std::string::npos);
    CHECK(text.find("\"name\":\"Gamma\",\"value\":2.0}\n\n") != std::string::npos);
    CHECK(next(both).empty());
    CHECK(next(signals).find("Gamma") == std::string::npos);
    const auto wrong = on_bench.ask("GET", "/events", "", {{"topics", "signals,nothing"}});
    CHECK(wrong.status == 400);
    CHECK(wrong.body["key"] == "topics");
}

TEST_CASE(
    "events: more streams than there are places for are refused, and an ended one gives its place back") {
    TestbenchCamera on_bench;
    std::vector<Answer> open;
    for (int i = 0; i < emulator::testbench::Router::kStreamsMost; ++i)
        open.push_back(on_bench.ask("GET", "/events"));
    CHECK(open.back().status == 200);
    CHECK(on_bench.ask("GET", "/events").status == 503);
    open.pop_back();
    CHECK(on_bench.ask("GET", "/events").status == 200);
}

TEST_CASE("metrics: what a client did is counted by command and status") {
    TestbenchCamera on_bench;
    const auto count = [&](const std::string& sample) {
        const auto text = on_bench.ask_at("GET", "/metrics").bytes;
        const auto at = text.find("\n" + sample + " ");
        return at == std::string::npos ? -1.0 : std::stod(text.substr(at + sample.size() + 2));
    };
    const std::string refused = R"(gigemu_gvcp_commands_total{command="READREG_CMD",status="0x8003"})";
    CHECK(count(refused) == -1);
    (void)on_bench.client.read_status(0x9FFC);
    CHECK(count(refused) == 1);
    const auto changes = count("gigemu_controller_changes_total");
    (void)on_bench.client.take_control(0);
    CHECK(count("gigemu_controller_changes_total") == changes + 1);
    on_bench.client.take_control();
    CHECK(count("gigemu_controller_changes_total") == changes + 2);
    on_bench.client.open_stream();
    on_bench.client.start();
    on_bench.camera.run_for(500ms);
    CHECK(count("gigemu_frames_exposed_total") > 3);
    CHECK(count("process_resident_memory_bytes") > 1e6);
}

TEST_CASE("routes: what is served is what the schema of the answer says, key by key") {
    TestbenchCamera on_bench;
    on_bench.client.start();
    on_bench.camera.run_for(300ms);
    std::size_t checked = 0;
    for (const auto& route : emulator::testbench::route_table()) {
        if (route.method != "GET" || route.answer.empty() || route.path == "/readyz") continue;
        auto path = std::string(route.path);
        if (path.ends_with("/features/{name}")) path = "/api/v1/camera/features/ExposureTime";
        if (path.find('{') != std::string::npos) continue;
        CAPTURE(path);
        const auto answer = on_bench.ask_at("GET", path);
        REQUIRE(answer.status == 200);
        const emulator::testbench::JsonSchema schema(route.answer);
        const auto body = answer.body.is_null() ? Json::parse(answer.bytes) : answer.body;
        CHECK_NOTHROW(schema.check(body, "answer"));
        if (!path.ends_with("openapi.json"))
            for (const auto& item : body.items()) CHECK_MESSAGE(schema.of(item.key()) != nullptr, item.key());
        ++checked;
    }
    CHECK(checked >= 9);
}
