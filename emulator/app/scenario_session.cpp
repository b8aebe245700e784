#include "emulator/app/scenario_session.h"

#include <asio/post.hpp>
#include <fstream>

#include "emulator/net/interface.h"

namespace emulator {
namespace {

using namespace testbench;

/// Answers of the HTTP interface that are kept as files.
struct Source {
    const char *file, *path;
    bool has_limit = false;  // of entries; as many as possible are wanted
};
constexpr Source kSources[] = {
    {"journal.json", "/api/v1/camera/journal", true}, {"blocks.json", "/api/v1/camera/journal/blocks"},
    {"signals.json", "/api/v1/camera/signals", true}, {"faults.json", "/api/v1/camera/faults"},
    {"features.json", "/api/v1/camera/features"},     {"state.json", "/api/v1/camera"}};

/// Files of frames; those of an earlier run go.
const std::string kBlock = "block_";

std::string text_of(const ClientReport& client) {
    std::string text;
    if (client.lines_forgotten() > 0)
        text = "(" + std::to_string(client.lines_forgotten()) + " lines before are not kept)\n";
    for (const auto& line : client.lines()) text += line.text + "\n";
    return text;
}

}  // namespace

void ScenarioSession::ready(asio::io_context& context, RunningCamera& camera,
                            const std::optional<HttpPlace>& http) {
    context_ = &context;
    camera_ = &camera;
    const auto address = net::dotted(camera.camera().device.ip.ip);
    ScenarioRun::Client client;
    if (!order_.command.empty()) {
        ClientProcess::Order order{.command = order_.command,
                                   .environment = {{"GIGEMU_TEST_ADDRESS", address},
                                                   {"GIGEMU_TEST_SERIAL", camera.camera().profile.serial}}};
        if (http) order.environment["GIGEMU_TEST_HTTP"] = http->ip + ":" + std::to_string(http->port);
        client_ = std::make_unique<ClientProcess>(
            context, std::move(order),
            ClientProcess::Told{.line =
                                    [this](OutputLine line) {
                                        tell([&](ScenarioRun& run) { run.on_line(std::move(line)); });
                                    },
                                .ended = [this](const ClientEnd& end) { client_ended(end); }});
        client = {.start =
                      [this] {
                          client_runs_ = true;
                          client_->start();
                      },
                  .there = true};
    }
    timeout_.emplace(context, std::chrono::ceil<std::chrono::nanoseconds>(order_.timeout));
    timeout_->async_wait([this](const std::error_code& error) {
        if (!error) tell([](ScenarioRun& run) { run.run_out_of_time("the host time of --timeout is over"); });
    });
    camera.in_time([&](Bench& bench) {
        bench.run(
            std::make_unique<ScenarioRun>(bench, order_.scenario, std::move(client),
                                          [this](const ScenarioReport& report) { scenario_ended(report); }));
    });
}

void ScenarioSession::tell(const std::function<void(ScenarioRun&)>& news) {
    if (camera_ != nullptr) camera_->in_time([&](Bench& bench) { news(*bench.scenario()); });
}

void ScenarioSession::client_ended(const ClientEnd& end) {
    client_runs_ = false;
    if (camera_ != nullptr) return tell([&](ScenarioRun& run) { run.on_client_end(end); });
    if (!end.complaint.empty() && report_->client_failed.empty()) report_->client_failed = end.sentence();
    finish();
}

void ScenarioSession::scenario_ended(const ScenarioReport& report) {
    report_ = report;
    collect();
    camera_ = nullptr;
    asio::post(*context_, [this] {
        if (client_runs_) return client_->end();
        finish();
    });
}

void ScenarioSession::collect() {
    if (order_.evidence.empty() || report_->exit_code() == 0) return;
    auto& bench = camera_->bench();
    DirectAccess access(bench);
    const auto ask = [&](const std::string& path, std::multimap<std::string, std::string> query) {
        return scenario_router()
            .answer({.method = "GET", .path = path, .query = std::move(query)}, access)
            .body.dump(1);
    };
    for (const auto& source : kSources) {
        std::multimap<std::string, std::string> query;
        if (source.has_limit) query.emplace("limit", "5000");
        evidence_[source.file] = ask(source.path, std::move(query));
    }
    evidence_["client.txt"] = text_of(bench.scenario()->client());
    for (const auto& block : bench.scenario()->last_blocks()) {
        const auto name = kBlock + std::to_string(block.id);
        const auto png = frame_file(block, FrameForm::png);
        evidence_[name + (png ? ".png" : ".raw")] =
            png ? *png : frame_file(block, FrameForm::raw).value_or("");
        evidence_[name + ".json"] = ask("/api/v1/camera/truth", {{"block_id", std::to_string(block.id)}});
    }
}

void ScenarioSession::finish() {
    if (order_.ends_camera) context_->stop();
}

void ScenarioSession::keep_evidence(const std::filesystem::path& recordings) const {
    if (evidence_.empty()) return;
    std::filesystem::create_directories(order_.evidence);
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(order_.evidence, error))
        if (entry.path().filename().string().starts_with(kBlock))
            std::filesystem::remove(entry.path(), error);
    for (const auto& [name, content] : evidence_)
        std::ofstream(order_.evidence / name, std::ios::binary) << content;
    std::ofstream(order_.evidence / "report.json") << to_json(*report_).dump(1);
    for (const auto& entry : std::filesystem::directory_iterator(recordings, error))
        std::filesystem::copy(entry.path(), order_.evidence,
                              std::filesystem::copy_options::overwrite_existing, error);
}

}  // namespace emulator
