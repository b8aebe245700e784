#pragma once

#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>

#include "emulator/frame.h"

namespace emulator::net {

/// Makes frames on a thread of its own, one after the other, and hands them back to the owner's thread, where
/// the camera's time catches up before and after.
class FrameWorker final : public FrameMaker {
  public:
    FrameWorker(asio::io_context& owner, FrameSource& source, std::function<void()> catch_up)
        : owner_(owner), source_(source), catch_up_(std::move(catch_up)) {}
    ~FrameWorker() override { finish(); }

    void make(const FrameRequest&, std::function<void(MadeFrame)> done) override;
    /// Waits for the frame under way; nothing is handed back afterwards.
    void finish();

  private:
    asio::io_context& owner_;
    FrameSource& source_;
    std::function<void()> catch_up_;
    asio::thread_pool thread_{1};
};

}  // namespace emulator::net
