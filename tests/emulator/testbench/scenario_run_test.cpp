#include <doctest/doctest.h>

#include "emulator/testbench/scenario/run.h"
#include "scenes/json/config_error.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using emulator::testbench::ClientEnd;
using emulator::testbench::read_scenario;
using emulator::testbench::Scenario;
using emulator::testbench::ScenarioReport;
using emulator::testbench::ScenarioRun;
using emulator::testbench::Verdict;
using nlohmann::json;

namespace {

Scenario scenario_of(const json& content) {
    return read_scenario(scenes::Node(content, "test.json"), "test", [](const scenes::Node& camera) {
        (void)camera.text_or("scene", "");
        camera.done();
    });
}

std::string refusal(const std::string& text) {
    try {
        (void)scenario_of(json::parse(text));
    } catch (const scenes::ConfigError& error) {
        return error.what();
    }
    return "";
}

/// A camera that streams, and a scenario on it.
struct ScenarioCamera : TestbenchCamera {
    ScenarioCamera() {
        camera.on_sent = [this](const auto& blocks) { bench.on_sent(blocks); };
    }
    void begin(const json& steps, bool with_client = false, const std::string& limit_s = "30") {
        auto content = json{{"steps", steps}, {"limit_s", json::parse(limit_s)}};
        bench.run(std::make_unique<ScenarioRun>(
            bench, scenario_of(content),
            ScenarioRun::Client{.start = [this] { client_starts = camera.now(); }, .there = with_client},
            [this](const ScenarioReport& report) {
                ended = report;
                ++ends;
            }));
    }
    ScenarioRun& run() { return *bench.scenario(); }
    /// Of steps as JSON, after so long.
    ScenarioReport report(const std::string& steps, Time after = 3s, bool with_client = false) {
        begin(json::parse(steps), with_client);
        camera.run_for(after);
        return run().report();
    }
    Verdict verdict(const std::string& steps, Time after = 3s) { return report(steps, after).verdict; }

    std::optional<Time> client_starts;
    std::optional<ScenarioReport> ended;
    int ends = 0;
};

}  // namespace

TEST_CASE("scenario files: what is wrong is named with file and key") {
    CHECK(refusal(R"({"steps": [{"after_s": 1}]})").empty());
    CHECK(refusal(R"({})").find("test.json: steps: a list of 1 to 1000 steps is expected") == 0);
    CHECK(refusal(R"({"steps": [{}]})").find("test.json: steps.0: a step has") == 0);
    CHECK(refusal(R"({"steps": [{"at_s": 1, "after_s": 1}]})").find("one moment at most") !=
          std::string::npos);
    CHECK(refusal(R"({"steps": [{"at_s": -1}]})").find("test.json: steps.0.at_s: ") == 0);
    CHECK(refusal(R"({"steps": [{"at_s": 1, "then": 1}]})").find("test.json: steps.0.then: ") == 0);
    CHECK(refusal(R"({"steps": [{"after_s": 1, "else": "passed"}]})").find("test.json: steps.0.else: ") == 0);
    CHECK(refusal(R"({"steps": [{"do": []}]})").find("test.json: steps.0.do: ") == 0);
    CHECK(refusal(R"({"steps": [{"do": {"get": "/camera"}}]})")
              .find("test.json: steps.0.do: exactly one of post") == 0);
    CHECK(
        refusal(R"({"steps": [{"do": {"post": "/camera/nothing"}}]})").find("test.json: steps.0.do.post: ") ==
        0);
    CHECK(refusal(R"({"steps": [{"do": {"post": "/camera/faults", "body": {}}}]})").find("fault") !=
          std::string::npos);
    CHECK(refusal(R"({"steps": [{"do": {"post": "/reset"}}]})").find("replaces the camera") !=
          std::string::npos);
    CHECK(refusal(R"({"steps": [{"do": {"post": "/camera/journal/wait", "body": {}}}]})").find("waits") !=
          std::string::npos);
    CHECK(
        refusal(R"({"steps": [{"expect": {}}]})").find("test.json: steps.0.expect: exactly one of journal") ==
        0);
    CHECK(refusal(R"({"steps": [{"expect": {"journal": {}, "signals": {}}}]})").find("exactly one") !=
          std::string::npos);
    CHECK(refusal(R"({"steps": [{"expect": {"journal": {"a": {"$no": 1}}}}]})")
              .find("test.json: steps.0.expect.journal.a.$no: ") == 0);
    CHECK(
        refusal(R"({"steps": [{"expect": {"journal": {}, "at_least": 2, "at_most": 1}}]})").find("at_most") !=
        std::string::npos);
    CHECK(refusal(R"({"steps": [{"expect": {"journal": {}, "since": "begin"}}]})").find("no step before") !=
          std::string::npos);
    CHECK(refusal(R"({"steps": [{"expect": {"client": "gone"}}]})")
              .find("test.json: steps.0.expect.client: ") == 0);
    CHECK(refusal(R"({"steps": [{"expect": {"get": "/camera/truth/depth"}}]})").find("not JSON") !=
          std::string::npos);
    CHECK(refusal(R"({"name": "a b", "steps": [{"after_s": 1}]})").find("test.json: name: ") == 0);
    CHECK(refusal(R"({"camera": {"colour": 1}, "steps": [{"after_s": 1}]})")
              .find("test.json: camera.colour: ") == 0);
    CHECK(refusal(R"({"client": {"may": 1}, "steps": [{"after_s": 1}]})").find("test.json: client.may: ") ==
          0);
}

TEST_CASE("scenario: steps come at their moments, in camera time") {
    ScenarioCamera on;
    on.camera.run_for(7ms);
    const auto report = on.report(R"([
        {"do": {"put": "/camera/lines/trigger_in", "body": {"high": true}}},
        {"at_s": 0.5, "do": {"put": "/camera/lines/trigger_in", "body": {"high": false}}},
        {"after_s": 0.25, "do": [{"put": "/camera/lines/trigger_in", "body": {"high": true}},
                                 {"put": "/camera/lines/trigger_in", "body": {"high": false, "after_us": 10}}]},
        {"at_s": 0.1}])");
    CHECK(report.ended);
    CHECK(report.verdict == Verdict::passed);
    CHECK(on.ends == 1);
    REQUIRE(report.steps.size() == 4);
    CHECK(report.steps[0].at == Time(0));
    CHECK(report.steps[1].at == 500ms);
    CHECK(report.steps[2].at == 750ms);
    CHECK(report.steps[3].at == 750ms);
    const auto edges = on.signals("trigger_in");
    REQUIRE(edges.size() == 4);
    CHECK(edges[1]["time_ns"].get<std::int64_t>() - edges[0]["time_ns"].get<std::int64_t>() == 500'000'000);
    CHECK(edges[3]["time_ns"].get<std::int64_t>() - edges[0]["time_ns"].get<std::int64_t>() == 750'010'000);
    CHECK(on.client_starts == on.camera.now() - 3s);
}

TEST_CASE("scenario: a moment is an event, and its step acts at once") {
    ScenarioCamera on;
    on.client.start();
    const auto report = on.report(R"([
        {"when": {"signals": {"signal": "exposure_start", "block_id": 3}},
         "do": {"put": "/camera/lines/trigger_in", "body": {"high": true}}}])");
    CHECK(report.verdict == Verdict::passed);
    const auto starts = on.signals("exposure_start"), edges = on.signals("trigger_in");
    REQUIRE(edges.size() == 1);
    CHECK(edges[0]["time_ns"] == starts[2]["time_ns"]);
}

TEST_CASE("scenario: each source passes where it fits and fails where it does not") {
    struct Case {
        const char *fits, *fails;
    };
    const Case cases[] = {
        {R"({"journal": {"command": "WRITEREG_CMD", "writes": {"feature": "AcquisitionStart"}}})",
         R"({"journal": {"command": "WRITEREG_CMD", "writes": {"feature": "Zoom"}}})"},
        {R"({"signals": {"signal": "exposure_end"}, "at_least": 5})",
         R"({"signals": {"signal": "trigger_missed"}})"},
        {R"({"signals": {"signal": "trigger_missed"}, "at_most": 0})",
         R"({"signals": {"signal": "exposure_end"}, "at_most": 4})"},
        {R"({"blocks": {"dropped": null, "packets": 26}})", R"({"blocks": {"packets_resent": {"$min": 1}}})"},
        {R"({"truth": {"frame": {"block_id": 2}, "image": {"width": 528}}})",
         R"({"truth": {"frame": {"block_id": 100000}}})"},
        {R"({"get": "/camera/features/Width", "answer": {"value": 528}})",
         R"({"get": "/camera/features/Width", "answer": {"value": 529}})"},
        {R"({"get": "/camera/truth", "answer": {}})",
         R"({"get": "/camera/faults/1", "answer": {"hits": 0}})"},
    };
    for (const auto& one : cases) {
        const char *good = one.fits, *bad = one.fails;
        ScenarioCamera on;
        on.begin(json::array(
            {json{{"after_s", 1}, {"expect", json::parse(good)}}, json{{"expect", json::parse(bad)}}}));
        on.client.start();
        on.camera.run_for(2s);
        const auto report = on.run().report();
        REQUIRE(report.steps.size() == 2);
        CHECK_MESSAGE(report.steps[0].verdict == Verdict::passed, good, report.steps[0].seen);
        CHECK_MESSAGE(report.steps[1].verdict == Verdict::failed, bad);
        CHECK(!report.steps[1].seen.empty());
        CHECK(report.exit_code() == 1);
    }
}

TEST_CASE(
    "scenario: an expectation waits as long as it may, and what may become too many is counted to the end") {
    ScenarioCamera on;
    on.client.start();
    const auto report = on.report(R"([
        {"expect": {"signals": {"signal": "exposure_end"}, "at_least": 10, "within_s": 2}},
        {"expect": {"signals": {"signal": "exposure_end"}, "at_most": 1000, "within_s": 0.5}},
        {"expect": {"signals": {"signal": "exposure_end"}, "at_most": 10, "within_s": 0.25}},
        {"expect": {"get": "/camera/features/Gain", "answer": {"value": 99}, "within_s": 0.125}}])");
    REQUIRE(report.steps.size() == 4);
    CHECK(report.steps[0].verdict == Verdict::passed);
    CHECK(report.steps[0].at < 1s);
    CHECK(report.steps[1].verdict == Verdict::passed);
    CHECK(report.steps[1].at - report.steps[0].at == 500ms);
    CHECK(report.steps[2].verdict == Verdict::failed);
    CHECK(report.steps[3].verdict == Verdict::failed);
    CHECK(report.steps[3].at - report.steps[2].at == 125ms);
}

TEST_CASE("scenario: items count from the step that is named") {
    ScenarioCamera on;
    on.client.start();
    const auto report = on.report(R"([
        {"name": "later", "at_s": 1},
        {"after_s": 0.1, "expect": {"signals": {"signal": "exposure_start"}, "at_least": 10, "since": "later"}},
        {"expect": {"signals": {"signal": "exposure_start"}, "at_least": 10}},
        {"expect": {"journal": {"writes": {"feature": "AcquisitionStart"}}, "at_most": 0}}])");
    REQUIRE(report.steps.size() == 4);
    CHECK(report.steps[1].verdict == Verdict::failed);
    CHECK(report.steps[2].verdict == Verdict::passed);
    CHECK(report.steps[3].verdict == Verdict::passed);  // it was before the scenario
}

TEST_CASE("scenario: verdicts; what was not exercised ends it, and so does a moment that does not come") {
    ScenarioCamera on;
    const auto tolerated = on.report(R"([
        {"expect": {"journal": {"command": "ACTION_CMD"}}, "else": "tolerated"}, {"after_s": 0.1}])");
    CHECK(tolerated.verdict == Verdict::tolerated);
    CHECK(tolerated.steps.size() == 2);
    CHECK(tolerated.exit_code() == 0);
    const auto unexercised = on.report(R"([
        {"expect": {"journal": {"command": "ACTION_CMD"}}, "else": "not_exercised"}, {"after_s": 0.1}])");
    CHECK(unexercised.verdict == Verdict::not_exercised);
    CHECK(unexercised.steps.size() == 1);
    CHECK(unexercised.exit_code() == 1);
    const auto moment = on.report(R"([
        {"when": {"journal": {"command": "ACTION_CMD"}, "within_s": 1}, "else": "not_exercised"}, {"after_s": 0.1}])");
    CHECK(moment.verdict == Verdict::not_exercised);
    CHECK(moment.took == 1s);
    const auto never = on.report(R"([{"when": {"journal": {"command": "ACTION_CMD"}, "within_s": 1}}])");
    CHECK(never.out_of_time);
    CHECK(never.exit_code() == 124);
    on.begin(json::parse(R"([{"when": {"journal": {"command": "ACTION_CMD"}}}])"), false, "0.5");
    on.camera.run_for(1s);
    CHECK(on.run().report().exit_code() == 124);
    CHECK(on.run().report().took == 500ms);
}

TEST_CASE("scenario: a request that is refused fails it, with the refusal") {
    ScenarioCamera on;
    const auto report = on.report(R"([
        {"do": {"put": "/camera/features/Zoom", "body": {"value": 100}}}, {"after_s": 1}])");
    CHECK(report.verdict == Verdict::failed);  // a client has control
    REQUIRE(report.steps.size() == 1);
    CHECK(report.steps[0].seen.find("refused with 409") != std::string::npos);
}

TEST_CASE("scenario: what a client prints, and how it ends") {
    ScenarioCamera on;
    const auto steps = R"([
        {"do": {"put": "/camera/lines/trigger_in", "body": {"high": true}}},
        {"when": {"output": {"line": {"$matches": "^ready"}, "stream": "stdout"}}},
        {"expect": {"frames": {"status": "complete", "right": false}, "at_most": 0}},
        {"expect": {"frames": {"block_id": 1}}},
        {"when": {"client": "ended"}},
        {"expect": {"client": {"exit": 5}}},
        {"expect": {"client": {"exit": 0}}}])";
    on.begin(json::parse(steps), true);
    on.camera.run_for(1s);
    REQUIRE(on.client_starts);
    protocol::gvsp::Block block{.id = 1, .payload = {'1', '2', '3', '4', '5', '6', '7', '8', '9'}};
    on.bench.on_submitted(block);
    on.run().on_line(
        {.is_error = false, .text = "gigemu-frame 1 complete cbf43926 9"});  // the check value of CRC-32
    on.run().on_line({.is_error = false, .text = "gigemu-frame 2 complete cbf43926 9"});
    on.run().on_line({.is_error = true, .text = "ready"});
    on.camera.run_for(1s);
    CHECK(on.run().report().steps.size() == 1);
    on.run().on_line({.is_error = false, .text = "ready"});
    on.camera.run_for(1s);
    on.run().on_client_end(ClientEnd{.exit_code = 5});
    on.camera.run_for(1s);
    const auto report = on.run().report();
    REQUIRE(report.steps.size() == 7);
    CHECK(report.steps[2].verdict == Verdict::failed);  // block 2 was never sent
    CHECK(report.steps[3].verdict == Verdict::passed);
    CHECK(report.steps[5].verdict == Verdict::passed);
    CHECK(report.steps[6].verdict == Verdict::failed);
    CHECK(report.client_failed == "it ended with exit code 5");
    CHECK(report.exit_code() == 3);
}

TEST_CASE("scenario: what only a client brings does not come once it has ended") {
    ScenarioCamera on;
    on.begin(json::parse(R"([{"when": {"frames": {}, "within_s": 20}, "else": "not_exercised"}])"), true);
    on.camera.run_for(1s);
    on.run().on_client_end(ClientEnd{});
    on.camera.run_for(1s);
    CHECK(on.run().report().verdict == Verdict::not_exercised);
    CHECK(on.run().report().took == 1500ms);
    CHECK(on.run().report().client_failed.empty());
    CHECK_THROWS_WITH_AS(on.begin(json::parse(R"([{"expect": {"client": "ended"}}])")),
                         doctest::Contains("a program under test"), emulator::testbench::Problem);
}

TEST_CASE("scenario: nothing of one whose client has ended is left when another one begins") {
    ScenarioCamera on;
    on.begin(json::parse(R"([{"when": {"client": "ended"}}])"), true);
    on.camera.run_for(1s);
    on.run().on_client_end(ClientEnd{});
    on.camera.run_for(1ms);
    CHECK(on.run().report().ended);
    on.begin(json::parse(R"([{"expect": {"journal": {"command": "ACTION_CMD"}, "within_s": 2}}])"));
    on.camera.run_for(1s);
    CHECK(!on.run().report().ended);
    on.camera.run_for(2s);
    CHECK(on.run().report().verdict == Verdict::failed);
}

TEST_CASE("scenario: JUnit counts, and texts are escaped") {
    ScenarioCamera on;
    auto report = on.report(R"([
        {"name": "a<b>&\"c\"", "expect": {"journal": {"command": "<&>"}}},
        {"after_s": 0.5, "expect": {"journal": {}, "at_most": 0}, "else": "tolerated"}])");
    report.client_failed = "it hangs";
    report.client = ClientEnd{};
    const auto junit = emulator::testbench::to_junit({report, report});
    CHECK(junit.find(R"(<testsuite name="test" tests="3" failures="2" skipped="0")") != std::string::npos);
    CHECK(junit.find("&lt;&amp;&gt;") != std::string::npos);
    CHECK(junit.find("<&>") == std::string::npos);
}

TEST_CASE("scenario routes: start, report, one at a time, end") {
    ScenarioCamera on;
    CHECK(on.get("/scenario")["scenario"] == "");
    CHECK(on.ask("DELETE", "/scenario").status == 404);
    const auto begun = on.tell("POST", "/scenario", R"({"name": "one", "steps": [{"at_s": 5}]})");
    CHECK(begun["running"] == true);
    CHECK(on.ask("POST", "/scenario", R"({"steps": [{"at_s": 5}]})").status == 409);
    on.camera.run_for(1s);
    const auto ended = on.tell("DELETE", "/scenario");
    CHECK(ended["running"] == false);
    CHECK(ended["verdict"] == "failed");
    CHECK(ended["took_s"] == 1);
    CHECK(on.tell("DELETE", "/scenario") == ended);
    on.tell("POST", "/scenario", R"({"steps": [{"at_s": 2}]})");
    on.camera.run_for(3s);
    CHECK(on.get("/scenario")["verdict"] == "passed");
    const auto refused = [&](const char* body, const char* key) {
        const auto answer = on.ask("POST", "/scenario", body);
        CHECK(answer.status == 400);
        CHECK_MESSAGE(answer.body["key"] == key, answer.body.dump());
    };
    refused(R"({"steps": [{"at_s": 2, "do": {"post": "/camera/scenario", "body": {"steps": []}}}]})",
            "steps.0.do.post");
    refused(R"({"camera": {"scene": "flat_field"}, "steps": [{"at_s": 2}]})", "camera");
    refused(R"({"steps": [{"expect": {"frames": {}}}]})", "steps");
    refused(R"({"steps": []})", "steps");
    refused(R"({})", "steps");
}
