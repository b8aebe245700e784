#pragma once

#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "emulator/camera/camera.h"
#include "emulator/camera/leds.h"
#include "emulator/faults/faults.h"
#include "emulator/testbench/bench_records.h"
#include "emulator/testbench/journal.h"
#include "emulator/testbench/line_driver.h"
#include "emulator/testbench/scene_in_force.h"
#include "emulator/testbench/scene_library.h"
#include "emulator/testbench/signal_log.h"

namespace emulator::testbench {

class Preview;
class RecordingDesk;
class ScenarioRun;

/// Test bench: drives TRIGGER_IN and observes pins, LEDs and frames of the camera. It changes no setting that
/// belongs to clients.
class Bench final : public Observer {
  public:
    Bench(Camera& camera, sim::TimeControl& time, SceneInForce& scene, faults::Faults& faults,
          SceneLibrary library);
    ~Bench() override;

    static constexpr std::size_t kFramesKept = 1024;

    [[nodiscard]] LineDriver& trigger_in() { return trigger_in_; }
    [[nodiscard]] const LineDriver& trigger_in() const { return trigger_in_; }
    [[nodiscard]] const Camera& camera() const { return camera_; }
    [[nodiscard]] Camera& camera() { return camera_; }
    [[nodiscard]] SceneInForce& scene() { return scene_; }
    [[nodiscard]] const SceneInForce& scene() const { return scene_; }
    [[nodiscard]] faults::Faults& faults() { return faults_; }
    [[nodiscard]] SceneLibrary& scene_library() { return library_; }
    [[nodiscard]] const SignalLog& signals() const { return signals_; }
    [[nodiscard]] Journal& journal() { return journal_; }
    [[nodiscard]] const Journal& journal() const { return journal_; }
    /// The oldest first.
    [[nodiscard]] const std::deque<FrameRecord>& frames() const { return frames_; }
    [[nodiscard]] const Counts& counts() const { return counts_; }
    [[nodiscard]] EngineCounts engine() const { return engine_(); }
    /// Where `engine` comes from.
    void count_engine(std::function<EngineCounts()> engine) { engine_ = std::move(engine); }
    /// In camera time.
    [[nodiscard]] Time now() const { return time_.camera().now(); }
    [[nodiscard]] Time host_now() const { return time_.host().now(); }
    [[nodiscard]] sim::TimeControl& time() { return time_; }
    [[nodiscard]] const sim::TimeControl& time() const { return time_; }
    /// Reading of the camera's clock.
    [[nodiscard]] std::uint64_t ticks(Time at) const { return camera_.device.clock.ticks(at); }

    /// Free running, or an image is being exposed or sent.
    [[nodiscard]] bool sending() const;
    [[nodiscard]] Leds leds() const;
    void number_frames(bool yes) { camera_.number_frames(yes); }

    /// Brings all to its start state, with another seed if there is one, once what runs now has ended. This
    /// bench is gone then, and another one in its place.
    using Reset = std::function<void(std::optional<std::int64_t> seed)>;
    void on_reset(Reset reset) { reset_ = std::move(reset); }
    void reset(std::optional<std::int64_t> seed) { reset_(seed); }
    /// Start-up is complete, and its IP configuration with it.
    void started() {
        starting_ = false;
        configured_.reset();
    }

    /// Packets have left since the last time.
    void on_sent(const std::vector<net::BlockSent>&);
    /// Where recordings are made; null if nothing may be written.
    [[nodiscard]] RecordingDesk* recordings() { return recordings_; }
    void record_by(RecordingDesk* desk) { recordings_ = desk; }
    /// Signals, journal or blocks have something new.
    void on_news(std::function<void()> told) { news_ = std::move(told); }
    /// The scenario that runs, or ran last; null if there is none. It begins here.
    [[nodiscard]] ScenarioRun* scenario() { return scenario_.get(); }
    void run(std::unique_ptr<ScenarioRun>);
    /// Pictures for who looks on; kept for as long as somebody asks for them.
    [[nodiscard]] std::shared_ptr<Preview> preview();
    /// A block is handed to the stream channel: it is shown, or written to a file, if that is wanted.
    void on_submitted(const protocol::gvsp::Block&);

    void on_output(const acquisition::Output&, std::uint64_t block_id) override;
    void on_lens_sent() override;
    void on_datagram() override { last_packet_ = host_now(); }
    void on_ip_configuration() override { configured_ = host_now(); }
    void on_stored(bool kept) override { fault_ = kept ? Fault::none : Fault::memory; }

  private:
    struct Move {
        Time done{};
        std::optional<sim::Scheduler::Ticket> arrival;
    };
    struct Sending {
        std::uint64_t block_id = 0;
        bool begun = false;
        sim::Scheduler::Ticket next;  // its begin, then its end
    };
    void log(decltype(Signal::what) what, Time at, std::uint64_t block_id = 0);
    void keep(const acquisition::Frame&, std::uint64_t block_id);
    void finish(const acquisition::Frame&);
    void follow(LensMove::Part, Time done);
    void follow(const acquisition::FrameSubmitted&, std::uint64_t block_id);
    void begin_transfer(std::uint64_t frame, Time end);
    void break_off_transfer(std::uint64_t frame);
    void drop_idle_preview();

    Camera& camera_;
    sim::TimeControl& time_;
    SceneInForce& scene_;
    faults::Faults& faults_;
    SceneLibrary library_;
    std::shared_ptr<const scenes::World> world_, kept_world_;  // of the last frame, and without pixels
    LineDriver trigger_in_;
    SignalLog signals_;
    Journal journal_;
    std::function<void()> news_ = [] {};
    std::unique_ptr<ScenarioRun> scenario_;
    RecordingDesk* recordings_ = nullptr;
    std::shared_ptr<Preview> preview_;  // null: nobody looks on
    std::deque<FrameRecord> frames_;
    Counts counts_;
    std::function<EngineCounts()> engine_ = [] { return EngineCounts{}; };
    std::array<Move, LensMove::kParts> moves_;  // by part
    std::map<std::uint64_t, Sending> sending_;  // by frame
    Reset reset_ = [](std::optional<std::int64_t>) {};
    bool starting_ = true;
    Fault fault_ = Fault::none;
    // In host time.
    Time transfer_end_{};
    std::optional<Time> last_packet_, configured_;
};

}  // namespace emulator::testbench
