#pragma once

#include <deque>
#include <functional>
#include <map>

#include "emulator/acquisition/line_history.h"
#include "emulator/acquisition/sequencer.h"
#include "emulator/camera/auto_functions.h"
#include "emulator/camera/disturbance.h"
#include "emulator/camera/transport.h"
#include "emulator/imaging/world_timeline.h"
#include "emulator/sim/scheduler.h"

namespace emulator::acquisition {

/// Frame loop: connects the sequencer to the scheduler, renders the frames it exposes, and submits them to
/// the stream channel.
class FrameLoop {
  public:
    /// Called with all outputs of the sequencer and the fate of its frames; `block_id` is the block of the
    /// frame, or 0.
    using Told = std::function<void(const Output&, std::uint64_t block_id)>;

    /// Called with each frame that is rendered, and its measurement for the auto functions.
    using Made = std::function<void(const FrameRequest&, const auto_functions::Measurement&)>;

    FrameLoop(const Settings& settings, const LensDrive& lens, const WorldTimeline& worlds,
              const Profile& profile, protocol::Device& device, const Disturbance& disturbance,
              sim::Scheduler& scheduler, Transport& transport, FrameMaker& maker, AutoFunctions& automatic,
              std::uint64_t seed)
        : settings_(settings),
          lens_(lens),
          worlds_(worlds),
          profile_(profile),
          device_(device),
          disturbance_(disturbance),
          scheduler_(scheduler),
          transport_(transport),
          maker_(maker),
          auto_functions_(automatic),
          sequencer_(seed) {}

    void on_output(Told told) { told_ = std::move(told); }
    void on_made(Made made) { made_ = std::move(made); }
    /// After a stop, an exposure that has begun is finished and sent, unless a start comes before it leaves.
    void command(Command);
    /// TRIGGER_IN has this level.
    void set_line(bool high);
    void settings_changed();
    [[nodiscard]] bool running() const { return sequencer_.running(); }
    /// No frame is planned, exposed, or being made.
    [[nodiscard]] bool idle() const { return sequencer_.waiting() && !in_work(); }
    /// Frames are being made.
    [[nodiscard]] bool in_work() const { return frames_in_work_ > 0; }
    [[nodiscard]] bool line_high() const { return sequencer_.line_high(); }
    [[nodiscard]] bool strobe_high() const { return sequencer_.strobe_high(); }
    /// When STROBE_OUT is high, for an exposure that ends at this moment, as in `FrameRequest`.
    [[nodiscard]] std::vector<scenes::light::Interval> strobe_high(Time start, Time end) const;

    /// The stream channel was opened or moved (ids begin at 1 again), or closed: what is under way is lost.
    void channel_opened();
    void channel_closed();
    /// Block ids begin so many blocks before their last one: in the channel that is open, and in those that
    /// are opened; nothing: at 1.
    void begin_before_wrap(std::optional<std::uint32_t> blocks);
    /// The stream channel did not send a block, or not to its end.
    void block_lost(std::uint64_t block_id, DropCause);
    /// A channel that is closed had not sent these frames to their end.
    void cut_off(std::span<const std::uint64_t> frames);
    /// Draws frame numbers into images from the next exposure on, or none.
    void number_frames(bool yes) { numbers_frames_ = yes; }
    [[nodiscard]] bool numbers_frames() const { return numbers_frames_; }
    /// The lens has new targets, or another world stands before it: the picture of its rest position can be
    /// rendered ahead.
    void expect_picture();

    [[nodiscard]] protocol::gvsp::Transmitter::Settings transmission() const;

  private:
    struct Exposed {
        FrameRequest request;
        std::uint64_t channel = 0, run = 0;
        std::uint64_t block = 0;  // its place in the stream channel, from 1; 0: none was open
        std::uint64_t trigger = 0;
        Time transfer_start{};
        bool numbered = false;  // its number is drawn into the image
    };
    struct Submitted {
        std::uint64_t block_id = 0, frame = 0;
        Time transfer_end{};
    };
    [[nodiscard]] Controls controls() const;
    [[nodiscard]] bool happens(const StrobeEdge&) const;
    void follow(const Outputs&);
    void forget_strobe();
    void arm();
    std::uint64_t begin(const Frame&);
    std::uint64_t end(const Frame&);
    std::uint64_t break_off(std::uint64_t frame);
    void make(Exposed);
    void drop(const Exposed&, DropCause);
    [[nodiscard]] std::optional<DropCause> obsolete(const Exposed&) const;
    void send(const Exposed&, protocol::Bytes payload);
    [[nodiscard]] std::uint64_t block_id(const Exposed&) const;
    [[nodiscard]] std::uint64_t first_block() const;

    const Settings& settings_;
    const LensDrive& lens_;
    const WorldTimeline& worlds_;
    const Profile& profile_;
    protocol::Device& device_;
    const Disturbance& disturbance_;
    sim::Scheduler& scheduler_;
    Transport& transport_;
    FrameMaker& maker_;
    AutoFunctions& auto_functions_;
    Sequencer sequencer_;
    LineHistory strobe_;
    Told told_ = [](const Output&, std::uint64_t) {};
    Made made_ = [](const FrameRequest&, const auto_functions::Measurement&) {};
    std::optional<sim::Scheduler::Ticket> deadline_;
    std::map<std::uint64_t, Exposed> under_exposure_;  // by frame number
    // Openings of the channel and starts of acquisition, so that late frames of earlier ones are recognised.
    std::uint64_t channel_ = 0, run_ = 0;
    std::stop_source channel_ends_;
    std::uint64_t next_frame_ = 0;  // of this acquisition
    std::uint64_t next_block_ = 1, last_submitted_ = 0;
    std::optional<std::uint32_t> before_wrap_;
    std::deque<Submitted> submitted_;  // the last ones of this channel
    std::deque<Submitted> closed_;     // of former ones, which should have been sent when they were closed
    Time wire_free_{};                 // when all that was submitted is sent
    int frames_in_work_ = 0;
    bool numbers_frames_ = false;
};

}  // namespace emulator::acquisition
