#include <doctest/doctest.h>

#include "emulator/testbench/journal_filter.h"
#include "emulator/testbench/scenario/run.h"
#include "emulator/testbench/truth/moment.h"
#include "tests/emulator/testbench/testbench_camera.h"

// A scenario repeats itself: faults, motion, triggers and a client, twice with one seed.

using namespace testbench_camera;

namespace {

using emulator::testbench::Scenario;
using emulator::testbench::ScenarioReport;
using emulator::testbench::ScenarioRun;
using emulator::testbench::to_json;

constexpr auto kScenario = R"({"name": "a_minute", "limit_s": 65, "steps": [
    {"do": [{"post": "/camera/lines/trigger_in/train", "body": {"period_us": 70000, "width_us": 200,
                                                                         "jitter_us": 900}},
            {"post": "/camera/faults", "body": {"fault": "packet_loss", "rate": 0.01}},
            {"post": "/camera/faults", "body": {"fault": "ack_loss", "rate": 0.05}},
            {"put": "/camera/pose", "body": {"position_m": [0, 0, 0], "spin_deg_s": [0, 0, 0.5]}}]},
    {"at_s": 10, "do": {"post": "/camera/faults", "body": {"fault": "packet_jitter", "jitter_us": 400}}},
    {"name": "block 200", "when": {"signals": {"signal": "exposure_start", "block_id": 200}},
     "do": {"post": "/camera/faults", "body": {"fault": "cable_out", "for_us": 700000}}},
    {"at_s": 30, "do": {"patch": "/world", "body": {"patch": {"light": {"illuminance_lx": 900}}}}},
    {"expect": {"journal": {"command": "PACKETRESEND_CMD"}, "at_least": 50}},
    {"name": "end", "at_s": 57},
    {"at_s": 60, "expect": {"blocks": {"packets_resent": {"$min": 1}}, "at_least": 100}},
    {"expect": {"signals": {"signal": "trigger_accepted"}, "at_least": 800}},
    {"expect": {"blocks": {"fault": {"$matches": "cable_out"}}, "at_most": 60}},
    {"expect": {"truth": {"frame": {"block_id": {"$min": 100}}, "lens": {"zoom_steps": 0}},
                "since": "end", "at_least": 40}}]})";

/// All that a minute leaves behind.
struct Minute {
    Json report, journal = Json::array(), signals = Json::array(), truth = Json::array();
    std::map<std::uint64_t, ReceivedBlock> blocks;
    std::vector<Bytes> events;
    bool operator==(const Minute&) const = default;
};

Minute run(std::int64_t seed) {
    VirtualCameraOptions options;
    options.profile.seed = seed;
    TestbenchCamera on(options);
    FakeClient stranger(on.camera, {.ip = 0x0A000002});
    FakeClient client(on.camera, {.ip = 0x0A000003, .asks_resends = true});
    on.camera.on_sent = [&](const auto& blocks) { on.bench.on_sent(blocks); };
    on.client.die();
    on.camera.run_for(5s);
    CHECK(client.take_control() == 0);
    client.keep_alive();
    client.open_stream();
    client.open_messages();
    CHECK(client.set("TriggerMode", 1) == 0);
    client.start();
    on.camera.run_for(1ms);
    const auto scenario = emulator::testbench::read_scenario(
        scenes::Node(nlohmann::json::parse(kScenario), "a_minute.json"), "", [](const auto&) {});
    on.bench.run(
        std::make_unique<ScenarioRun>(on.bench, scenario, ScenarioRun::Client(), [](const auto&) {}));
    on.camera.run_for(61s);
    (void)stranger.read(0x0A00);

    Minute minute;
    minute.report = to_json(on.bench.scenario()->report());
    for (const auto& entry : on.bench.journal().entries())
        minute.journal.push_back(to_json(entry, emulator::NodeTypes::manual));
    for (const auto& signal : on.bench.signals().since(0, 100'000).signals)
        minute.signals.push_back(to_json(signal));
    for (const auto& moment : emulator::testbench::last_frames(on.bench, 50))
        minute.truth.push_back(to_json(moment));
    minute.blocks = client.blocks;
    minute.events = client.event_datagrams;
    return minute;
}

}  // namespace

TEST_CASE("scenario: a minute of faults, motion and triggers, twice with one seed, is the same minute") {
    const auto one = run(7), again = run(7), other = run(8);
    CHECK_MESSAGE(one.report["verdict"] == "passed", one.report.dump(1));
    CHECK(one.blocks.size() > 700);
    CHECK(one.journal.size() > 250);
    CHECK(one.truth.size() == 50);
    CHECK(one.report == again.report);
    CHECK(one.journal == again.journal);
    CHECK(one.signals == again.signals);
    CHECK(one.truth == again.truth);
    CHECK(one.events == again.events);
    CHECK(one.blocks == again.blocks);
    CHECK(one.journal != other.journal);
}
