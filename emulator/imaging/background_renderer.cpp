#include "emulator/imaging/background_renderer.h"

#include <unistd.h>

#include <utility>

namespace emulator {
namespace {

constexpr int kLeavesTheProcessor = 5;

}  // namespace

void BackgroundRenderer::begin(std::shared_ptr<RenderJob> job) { set(second_, std::move(job)); }
void BackgroundRenderer::begin_first(std::shared_ptr<RenderJob> job) { set(first_, std::move(job)); }

void BackgroundRenderer::set(std::shared_ptr<RenderJob>& job, std::shared_ptr<RenderJob> to) {
    {
        const std::lock_guard lock(mutex_);
        job = std::move(to);
    }
    wake_.notify_one();
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void BackgroundRenderer::run(const std::stop_token& stop) {
    (void)nice(kLeavesTheProcessor);  // of this thread alone
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return first_ || second_; })) {
        if (stop.stop_requested()) return;
        auto& next = first_ ? first_ : second_;
        const auto job = next;
        lock.unlock();
        const bool more = job->make_part();
        lock.lock();
        if (!more && next == job) next.reset();
    }
}

}  // namespace emulator
