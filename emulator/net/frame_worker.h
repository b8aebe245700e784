#pragma once

#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <atomic>

#include "emulator/imaging/frame_source.h"
#include "emulator/net/histogram.h"

namespace emulator::net {

/// Frame worker: renders frames on its own thread, one after the other, and posts them to the owner's thread
/// at the camera's present time. Cancelled requests are skipped.
class FrameWorker final : public FrameMaker {
  public:
    FrameWorker(asio::io_context& owner, FrameSource& source, std::function<void()> catch_up)
        : owner_(owner), source_(source), catch_up_(std::move(catch_up)) {}
    ~FrameWorker() override { finish(); }

    void make(const FrameRequest&, const std::stop_token&,
              std::function<void(std::optional<MadeFrame>)> done) override;
    void expect(const std::shared_ptr<const scenes::World>&, const lens_model::State&,
                protocol::Timestamp stamp) override;
    /// Times that frames took on the worker's thread; for the owner's thread.
    [[nodiscard]] const Histogram& render_times() const { return render_times_; }
    /// Keeps the still picture of the frame that was asked for last.
    void keep_picture();
    /// Cancels all frames, and hands none of them back.
    void discard();
    /// The same, and waits until the one under way has noticed.
    void finish();

  private:
    [[nodiscard]] std::optional<MadeFrame> take(const FrameRequest&, const std::stop_token& stop,
                                                const std::stop_token& discarded);

    asio::io_context& owner_;
    FrameSource& source_;
    std::function<void()> catch_up_;
    Histogram render_times_;
    std::stop_source discarded_;              // the frames that were asked for so far
    std::atomic<std::uint64_t> expected_{0};  // how often; only the last time counts
    asio::thread_pool thread_{1};
};

}  // namespace emulator::net
