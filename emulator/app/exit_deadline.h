#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace emulator {

/// Ends the process with success after half a second, unless it is destroyed before: parts of a picture that
/// other threads draw are not interrupted and can take longer. Begin it when all is kept and all sockets are
/// closed.
class ExitDeadline {
  public:
    ExitDeadline()
        : thread_([](const std::stop_token& stop) {
              std::mutex mutex;
              std::unique_lock lock(mutex);
              std::condition_variable_any().wait_for(lock, stop, kTime, [] { return false; });
              if (!stop.stop_requested()) std::_Exit(EXIT_SUCCESS);
          }) {}

  private:
    static constexpr std::chrono::milliseconds kTime{500};
    std::jthread thread_;
};

}  // namespace emulator
