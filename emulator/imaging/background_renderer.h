#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "emulator/imaging/render_job.h"

namespace emulator {

/// A thread that makes parts of the picture that it was given last, and lets other threads go first. Of the
/// one before it only finishes the part in hand. Without a picture to make it sleeps.
class BackgroundRenderer {
  public:
    void begin(std::shared_ptr<RenderJob>);

  private:
    void run(const std::stop_token&);

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::shared_ptr<RenderJob> picture_;
    std::jthread thread_;
};

}  // namespace emulator
