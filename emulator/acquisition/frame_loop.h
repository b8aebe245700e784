#pragma once

#include <functional>

#include "emulator/frame_request.h"
#include "emulator/outside.h"
#include "emulator/sim/scheduler.h"
#include "sensor_model/chip.h"

namespace emulator::acquisition {

/// Exposes frame after frame while acquisition runs, and hands what they become to the stream channel.
class FrameLoop {
  public:
    /// Told when an exposure is over, with the block that the frame will travel in.
    using ExposureEnded = std::function<void(std::uint64_t block_id)>;

    FrameLoop(const Settings& settings, const LensDrive& lens, const sensor_model::Chip& chip, protocol::Device& device, sim::Scheduler& scheduler,
              Outside& outside, FrameMaker& maker)
        : settings_(settings), lens_(lens), chip_(chip), device_(device), scheduler_(scheduler), outside_(outside), maker_(maker) {}

    void on_exposure_ended(ExposureEnded told) { exposure_ended_ = std::move(told); }
    void start();
    /// An exposure that has begun is finished and sent.
    void stop();
    [[nodiscard]] bool running() const { return running_; }

    /// The stream channel was opened or moved (ids begin at 1 again), or closed (what is under way is lost).
    void channel_opened();
    void channel_closed() { ++channel_; }

    [[nodiscard]] protocol::gvsp::Transmitter::Settings transmission() const;

  private:
    struct Exposed {
        FrameRequest request;
        std::uint64_t channel = 0;
        std::uint64_t block_id = 0;
        std::uint64_t timestamp_ticks = 0;  // as the clock counted then: a client may set it to zero meanwhile
        bool previous_dropped = false;
    };
    void begin_exposure();
    void end_exposure(Exposed);
    void send(const Exposed&, protocol::Bytes payload, Time transfer_start);
    [[nodiscard]] std::uint64_t take_block_id();
    [[nodiscard]] Time period() const;

    const Settings& settings_;
    const LensDrive& lens_;
    const sensor_model::Chip& chip_;
    protocol::Device& device_;
    sim::Scheduler& scheduler_;
    Outside& outside_;
    FrameMaker& maker_;
    ExposureEnded exposure_ended_ = [](std::uint64_t) {};
    sim::Scheduler::Ticket next_exposure_{};
    Time sensor_free_{};                 // when the next exposure may begin
    bool running_ = false;
    std::uint64_t frames_ = 0;
    std::uint64_t channel_ = 0;          // counts openings, so that late frames of an old one are recognised
    std::uint64_t next_block_id_ = 1;
    int frames_in_work_ = 0;
    bool dropped_ = false;
};

}  // namespace emulator::acquisition
