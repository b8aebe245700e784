#pragma once

#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>

#include "emulator/frame.h"

namespace emulator::net {

/// Makes frames on a thread of its own, one after the other, and hands them back to the owner's thread.
class FrameWorker final : public FrameMaker {
  public:
    FrameWorker(asio::io_context& owner, FrameSource& source, std::function<void()> before_done)
        : owner_(owner), source_(source), before_done_(std::move(before_done)) {}
    ~FrameWorker() override { finish(); }

    void make(const FrameRequest&, std::function<void(protocol::Bytes)> done) override;
    /// Waits for the frame under way; nothing is handed back afterwards.
    void finish();

  private:
    asio::io_context& owner_;
    FrameSource& source_;
    std::function<void()> before_done_;
    asio::thread_pool thread_{1};
};

}  // namespace emulator::net
