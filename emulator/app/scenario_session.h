#pragma once

#include <asio/steady_timer.hpp>

#include <asio/steady_timer.hpp>

#include "emulator/app/client_process.h"
#include "emulator/app/companion.h"
#include "emulator/testbench/scenario/run.h"

namespace emulator {

/// A scenario on a camera that is served, with the client under test, from the camera's readiness to the end
/// of all processes of the client; and the evidence of what happened.
class ScenarioSession final : public Companion {
  public:
    struct Order {
        testbench::Scenario scenario;
        std::vector<std::string> command{};  // of the client; empty: there is none
        std::filesystem::path evidence{};    // folder, written where the scenario does not pass; empty: none
        std::chrono::duration<double> timeout = std::chrono::hours(24);  // in host time
        bool ends_camera = false;  // the camera is not served any longer than the scenario
    };
    explicit ScenarioSession(Order order) : order_(std::move(order)) {}

    void ready(asio::io_context&, RunningCamera&, const std::optional<testbench::HttpPlace>& http) override;
    void stop() override {
        client_.reset();
        timeout_.reset();
    }
    [[nodiscard]] bool announces() const override { return !order_.ends_camera; }

    /// Nothing where the scenario has not ended.
    [[nodiscard]] const std::optional<testbench::ScenarioReport>& report() const { return report_; }
    /// Writes the evidence, once nothing more is recorded; packets of control are taken from a folder.
    void keep_evidence(const std::filesystem::path& recordings) const;

  private:
    void scenario_ended(const testbench::ScenarioReport&);
    void tell(const std::function<void(testbench::ScenarioRun&)>& news);
    void client_ended(const testbench::ClientEnd&);
    void collect();
    void finish();

    Order order_;
    asio::io_context* context_ = nullptr;
    RunningCamera* camera_ = nullptr;  // null once the scenario has ended
    std::unique_ptr<ClientProcess> client_;
    std::optional<asio::steady_timer> timeout_;
    bool client_runs_ = false;
    std::optional<testbench::ScenarioReport> report_;
    std::map<std::string, std::string> evidence_;  // files by name
};

}  // namespace emulator
