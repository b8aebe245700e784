#include "emulator/imaging/background_renderer.h"

#include <unistd.h>

#include <utility>

namespace emulator {
namespace {

constexpr int kLeavesTheProcessor = 5;

}  // namespace

void BackgroundRenderer::begin(std::shared_ptr<RenderJob> picture) {
    {
        const std::lock_guard lock(mutex_);
        picture_ = std::move(picture);
    }
    wake_.notify_one();
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void BackgroundRenderer::run(const std::stop_token& stop) {
    (void)nice(kLeavesTheProcessor);  // of this thread alone
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return picture_ != nullptr; })) {
        if (stop.stop_requested()) return;
        const auto picture = picture_;
        lock.unlock();
        const bool more = picture->make_part();
        lock.lock();
        if (!more && picture_ == picture) picture_.reset();
    }
}

}  // namespace emulator
