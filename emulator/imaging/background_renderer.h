#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "emulator/imaging/render_job.h"

namespace emulator {

/// Background rendering: a low-priority thread that renders parts of the latest job. Of a replaced job it
/// only finishes the part in hand. It blocks while there is no job.
class BackgroundRenderer {
  public:
    void begin(std::shared_ptr<RenderJob>);
    /// Before the one that was begun, which goes on afterwards.
    void begin_first(std::shared_ptr<RenderJob>);

  private:
    void set(std::shared_ptr<RenderJob>& job, std::shared_ptr<RenderJob> to);
    void run(const std::stop_token&);

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::shared_ptr<RenderJob> first_, second_;
    std::jthread thread_;
};

}  // namespace emulator
