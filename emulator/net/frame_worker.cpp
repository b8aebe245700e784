#include "emulator/net/frame_worker.h"

#include <asio/post.hpp>

namespace emulator::net {

void FrameWorker::make(const FrameRequest& request, std::function<void(MadeFrame)> done) {
    asio::post(thread_, [this, request, done = std::move(done)]() mutable {
        auto frame = source_.take(request);
        asio::post(owner_, [this, frame = std::move(frame), done = std::move(done)]() mutable {
            catch_up_();
            done(std::move(frame));
            catch_up_();
        });
    });
}

void FrameWorker::finish() {
    thread_.stop();
    thread_.join();
}

}  // namespace emulator::net
