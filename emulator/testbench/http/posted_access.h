#pragma once

#include <asio/io_context.hpp>
#include <atomic>

#include "emulator/testbench/http/route.h"

namespace emulator::testbench {

/// Camera access by the event loop of the thread that owns the camera.
class PostedAccess final : public CameraAccess {
  public:
    using InTime = std::function<void(const std::function<void(Bench&)>&)>;
    /// `in_time` calls what it is given at the camera's present time.
    PostedAccess(asio::io_context& owner, InTime in_time) : owner_(owner), in_time_(std::move(in_time)) {}

    void run(const std::function<void(Bench&)>&) override;
    /// What has not begun is refused from now on.
    void close() { closed_ = true; }

  private:
    asio::io_context& owner_;
    InTime in_time_;
    std::atomic<bool> closed_ = false;
};

}  // namespace emulator::testbench
