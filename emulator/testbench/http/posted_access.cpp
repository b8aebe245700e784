#include "emulator/testbench/http/posted_access.h"

#include <asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>

namespace emulator::testbench {
namespace {

using namespace std::chrono_literals;

constexpr auto kAccessPatience = 5s;
constexpr auto kLook = 20ms;

/// One visit to the camera's thread, which either takes place whole or never begins.
class Visit {
  public:
    /// False if nobody waits for it any more.
    bool begin() {
        const std::lock_guard lock(mutex_);
        if (stage_ != Stage::waiting) return false;
        stage_ = Stage::begun;
        return true;
    }
    void end(std::exception_ptr error) {
        const std::lock_guard lock(mutex_);
        error_ = std::move(error);
        stage_ = Stage::done;
        changed_.notify_one();
    }
    /// False if it had not begun in time.
    bool wait(const std::atomic<bool>& closed) {
        const auto due = std::chrono::steady_clock::now() + kAccessPatience;
        std::unique_lock lock(mutex_);
        while (stage_ != Stage::done) {
            changed_.wait_for(lock, kLook);
            if (stage_ == Stage::waiting && (closed || std::chrono::steady_clock::now() > due)) {
                stage_ = Stage::given_up;
                return false;
            }
        }
        if (error_) std::rethrow_exception(error_);
        return true;
    }

  private:
    enum class Stage { waiting, begun, done, given_up };
    std::mutex mutex_;
    std::condition_variable changed_;
    Stage stage_ = Stage::waiting;
    std::exception_ptr error_;
};

}  // namespace

void PostedAccess::run(const std::function<void(Bench&)>& act) {
    auto visit = std::make_shared<Visit>();
    asio::post(owner_, [this, visit, &act] {
        if (!visit->begin()) return;
        std::exception_ptr error;
        try {
            in_time_(act);
        } catch (...) {
            error = std::current_exception();
        }
        visit->end(error);
    });
    if (!visit->wait(closed_)) throw Problem(kUnavailable, "", "The camera did not answer in time.");
}

}  // namespace emulator::testbench
