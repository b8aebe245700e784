#include <doctest/doctest.h>

#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;

// Clock, reset and frame number, as a client of the HTTP interface sets them.

namespace {

constexpr const char* kClock = "/api/v1/clock";

Json clock_of(TestbenchCamera& on_bench) { return on_bench.ask_at("GET", kClock).body; }

}  // namespace

TEST_CASE("clock routes: every mode is set, and read again") {
    TestbenchCamera on_bench;
    on_bench.camera.run_for(1s);
    CHECK(clock_of(on_bench)["rate"] == 1);
    for (const auto* rate : {"0", "0.001", "0.5", "1", "2.5", "1000"}) {
        const auto answer = on_bench.ask_at("POST", kClock, std::string(R"({"rate": )") + rate + "}");
        CHECK(answer.status == 200);
        CHECK(answer.body["mode"] == "rate");
        CHECK(answer.body["rate"] == std::stod(rate));
        CHECK(clock_of(on_bench) == answer.body);
    }
    const auto fast = on_bench.ask_at("POST", kClock, R"({"rate": "fast"})").body;
    CHECK(fast["mode"] == "fast");
    CHECK(fast["rate"].is_null());
    const auto step = on_bench.ask_at("POST", kClock, R"({"step_us": 0.5})").body;
    CHECK(step["mode"] == "step");
    CHECK(step["step_end_ns"] == 1'000'000'500);
    on_bench.camera.run_for(0s);
    const auto after = clock_of(on_bench);
    CHECK(after["mode"] == "rate");
    CHECK(after["rate"] == 0);
    CHECK(after["time_ns"] == 1'000'000'500);
    CHECK(after["step_end_ns"].is_null());
}

TEST_CASE("clock routes: the next event is told, and stepped to") {
    TestbenchCamera on_bench;
    on_bench.camera.run_for(1s);
    on_bench.ask_at("POST", kClock, R"({"rate": 0})");
    CHECK(clock_of(on_bench)["next_event_ns"].is_null());
    const auto none = on_bench.ask_at("POST", kClock, R"({"step_to": "next_event"})");
    CHECK(none.status == 409);
    CHECK(none.body["key"] == "step_to");
    on_bench.tell("POST", "/lines/trigger_in/pulse", R"({"width_us": 10, "after_us": 50})");
    CHECK(clock_of(on_bench)["next_event_ns"] == 1'000'050'000);
    for (const std::int64_t edge : {1'000'050'000, 1'000'060'000}) {
        on_bench.ask_at("POST", kClock, R"({"step_to": "next_event"})");
        on_bench.camera.run_for(0s);
        CHECK(clock_of(on_bench)["time_ns"] == edge);
    }
    CHECK(on_bench.signals("trigger_in").size() == 2);
}

TEST_CASE("clock routes: what is wrong is refused with its key, and changes nothing") {
    TestbenchCamera on_bench;
    struct Row {
        const char *body, *key;
    };
    const auto before = clock_of(on_bench);
    for (const auto& row : {Row{R"({"rate": -1})", "rate"}, Row{R"({"rate": 0.0009})", "rate"},
                            Row{R"({"rate": 1000.1})", "rate"}, Row{R"({"rate": "slow"})", "rate"},
                            Row{R"({"rate": null})", "rate"}, Row{R"({"rate": true})", "rate"},
                            Row{R"({"step_us": 0})", "step_us"}, Row{R"({"step_us": -5})", "step_us"},
                            Row{R"({"step_us": 1e11})", "step_us"}, Row{R"({"step_to": 5})", "step_to"},
                            Row{R"({"step_to": "end"})", "step_to"}, Row{R"({"speed": 1})", ""},
                            Row{"{}", ""}, Row{"[]", ""}, Row{R"({"rate": 1, "step_us": 5})", ""}}) {
        CAPTURE(row.body);
        const auto answer = on_bench.ask_at("POST", kClock, row.body);
        CHECK(answer.status == 400);
        if (*row.key) CHECK(answer.body["key"] == row.key);
        CHECK(clock_of(on_bench) == before);
    }
}

TEST_CASE("clock routes: a reset is asked of whoever made the camera, with a seed or without") {
    TestbenchCamera on_bench;
    std::vector<std::optional<std::int64_t>> asked;
    on_bench.bench.on_reset([&](std::optional<std::int64_t> seed) { asked.push_back(seed); });
    CHECK(on_bench.ask_at("POST", "/api/v1/reset").status == 200);
    CHECK(on_bench.ask_at("POST", "/api/v1/reset", "", {{"seed", "42"}}).status == 200);
    for (const auto* seed : {"-1", "1.5", "x", "", "9007199254740992"})
        CHECK_MESSAGE(on_bench.ask_at("POST", "/api/v1/reset", "", {{"seed", seed}}).status == 400, seed);
    CHECK(on_bench.ask_at("POST", "/api/v1/reset", "", {{"sead", "1"}}).status == 400);
    CHECK(asked == std::vector<std::optional<std::int64_t>>{std::nullopt, 42});
}

TEST_CASE("frame number routes: it is switched, and read again") {
    TestbenchCamera on_bench;
    CHECK(on_bench.get("/frame_number")["enabled"] == false);
    CHECK(on_bench.tell("PUT", "/frame_number", R"({"enabled": true})")["enabled"] == true);
    CHECK(on_bench.get("/frame_number")["enabled"] == true);
    CHECK(on_bench.camera.camera.numbers_frames());
    for (const auto* body : {"{}", R"({"enabled": 1})", R"({"enabled": true, "size": 3})"})
        CHECK(on_bench.ask("PUT", "/frame_number", body).status == 400);
    CHECK(on_bench.get("/frame_number")["enabled"] == true);
}
