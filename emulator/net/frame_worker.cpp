#include "emulator/net/frame_worker.h"

#include <asio/post.hpp>

namespace emulator::net {

void FrameWorker::make(const FrameRequest& request, std::function<void(protocol::Bytes)> done) {
    asio::post(thread_, [this, request, done = std::move(done)]() mutable {
        auto payload = source_.take(request);
        asio::post(owner_, [this, payload = std::move(payload), done = std::move(done)]() mutable {
            before_done_();
            done(std::move(payload));
        });
    });
}

void FrameWorker::finish() {
    thread_.stop();
    thread_.join();
}

}  // namespace emulator::net
