#pragma once

#include <optional>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/direct_access.h"
#include "emulator/testbench/scenario/report.h"
#include "emulator/testbench/scenario/tally.h"

namespace emulator::testbench {

/// One run of a scenario on a camera: each step when its moment comes, in camera time. Belongs to the thread
/// that owns the camera, and to its test bench.
class ScenarioRun {
  public:
    struct Client {
        std::function<void()> start = [] {};  // when the first step with a moment is reached
        bool there = false;
    };
    /// `told` is called once, at the end. Throws Problem 400 where the scenario needs a client and none is
    /// there.
    ScenarioRun(Bench&, Scenario, Client, std::function<void(const ScenarioReport&)> told);
    ~ScenarioRun();
    ScenarioRun(const ScenarioRun&) = delete;
    ScenarioRun& operator=(const ScenarioRun&) = delete;

    void begin();
    /// Ends it before its time: a step fails with this sentence. Nothing once it has ended.
    void abandon(const std::string& why);
    /// The same, as it takes too long.
    void run_out_of_time(const std::string& why);

    void on_line(OutputLine);
    void on_client_end(const ClientEnd&);
    void on_submitted(const protocol::gvsp::Block&);

    [[nodiscard]] const ScenarioReport& report() const { return report_; }
    [[nodiscard]] const ClientReport& client() const { return client_; }
    /// The last blocks that were handed to the sender, the oldest first.
    static constexpr std::size_t kBlocksKept = 3;
    [[nodiscard]] const std::deque<protocol::gvsp::Block>& last_blocks() const { return last_blocks_; }

  private:
    using Ticket = sim::Scheduler::Ticket;
    /// What is waited for.
    struct Watch {
        const Condition* condition = nullptr;
        Tally tally;
        bool is_moment = false;
    };
    [[nodiscard]] const Step& step() const { return scenario_.steps[index_]; }
    [[nodiscard]] sim::Scheduler& camera() { return bench_.time().camera(); }

    void plan(Time at, void (ScenarioRun::*next)());
    void enter();
    void act();
    void leave();
    void watch(const Condition&, bool is_moment);
    void look_later();
    void look();
    void too_late();
    /// Whether the condition holds or has failed for good; nothing while both can be.
    [[nodiscard]] std::optional<bool> decided(bool last);
    [[nodiscard]] std::optional<bool> decided_by_client() const;
    [[nodiscard]] std::string seen() const;
    void settle(bool holds);
    [[nodiscard]] bool client_is_gone() const;
    [[nodiscard]] bool perform_all();
    void note(Verdict, std::string seen);
    void judge_client();
    void finish();

    Bench& bench_;
    Scenario scenario_;
    Client client_process_;
    std::function<void(const ScenarioReport&)> told_;
    DirectAccess access_;
    ClientReport client_;
    ScenarioReport report_;
    Time begun_{};
    std::size_t index_ = 0;
    std::map<std::string, Positions, std::less<>> positions_;
    std::optional<Watch> watch_;
    Json answer_;  // to a condition that asks
    std::optional<Ticket> next_, deadline_, look_, limit_;
    std::optional<Time> client_ended_;  // host time
    std::optional<Ticket> echo_;        // of its end, in host time
    bool client_started_ = false;
    std::deque<protocol::gvsp::Block> last_blocks_;
};

}  // namespace emulator::testbench
