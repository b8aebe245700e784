#pragma once

#include "tests/support/ptp_network.h"
#include "tests/world/application.h"
#include "tests/world/observed_camera.h"
#include "tests/world/schedule.h"
#include "tests/world/stranger.h"

namespace world {

/// Cameras, clients and clocks in one network and one virtual time, all from one seed.
class World {
  public:
    struct Options {
        std::uint64_t seed = 1;
        Time duration = 60s;
        std::size_t journal_lines = 150;
    };
    /// From then to the end there are no faults, and one client for each camera.
    static constexpr Time kQuiet = 20s;
    /// So long after the last fault at most, each client streams again.
    static constexpr Time kRecovery = 12s;

    explicit World(const Options&);
    [[nodiscard]] static std::vector<Step> schedule_of(const Options&);

    /// Runs all of it, with these steps. Throws Violation.
    void run(const std::vector<Step>&);
    [[nodiscard]] const Journal& journal() const { return journal_; }
    [[nodiscard]] std::size_t cameras() const { return sites_.size(); }
    /// That arrived whole at the clients.
    [[nodiscard]] std::uint64_t frames() const;
    [[nodiscard]] Time now() const { return ptp_.scheduler.now(); }

  private:
    /// A camera and those who want it.
    struct Site {
        std::unique_ptr<ObservedCamera> camera;
        std::unique_ptr<Application> client;
        std::vector<std::unique_ptr<Application>> others;
        std::uint32_t client_ip = 0;
        int ptp_lost_percent = 0;
        std::uint64_t frames = 0;  // of the client, when it was to stream again
    };
    void add_camera(support::Dice&, std::size_t number);
    void add_master(support::Dice&);
    void spread_ptp(const Bytes&, const Site* from);
    void hear_ptp(Site& to, const Bytes&);
    void run_until(Time);
    void begin(const Step&);
    void begin_network(const Step&, Site&);
    void begin_host(const Step&, Site&);
    void begin_client(const Step&, Site&);
    void begin_stranger(const Step&, Site&);
    void flood(const Step&, Site&);
    void administrate(const Step&, Site&);
    void join(Site&, Application::Kind, const Step&);
    void restart_client(Site&, bool politely, Time pause);
    void end_faults();
    void watch_memory();
    void judge_recovery() const;
    void later(Time, std::function<void()>);

    Options options_;
    Journal journal_;
    support::PtpNetwork ptp_;
    Network network_;
    support::Dice dice_;
    std::vector<Site> sites_;
    support::PtpClock* master_ = nullptr;  // null: there never is one
    bool master_runs_ = false;
    bool quiet_ = false;
};

}  // namespace world
