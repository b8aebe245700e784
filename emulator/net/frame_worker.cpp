#include "emulator/net/frame_worker.h"

#include <asio/post.hpp>
#include <chrono>

namespace emulator::net {

std::optional<MadeFrame> FrameWorker::take(const FrameRequest& request, const std::stop_token& stop,
                                           const std::stop_token& discarded) {
    std::stop_source either;
    const auto cancel = [&either] { either.request_stop(); };
    const std::stop_callback not_wanted(stop, cancel), unwanted(discarded, cancel);
    try {
        return source_.take(request, either.get_token());
    } catch (const Cancelled&) {
        return std::nullopt;
    }
}

void FrameWorker::make(const FrameRequest& request, const std::stop_token& stop,
                       std::function<void(std::optional<MadeFrame>)> done) {
    asio::post(
        thread_, [this, request, stop, discarded = discarded_.get_token(), done = std::move(done)]() mutable {
            const auto began = std::chrono::steady_clock::now();
            auto frame = take(request, stop, discarded);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
            asio::post(owner_,
                       [this, took, frame = std::move(frame), discarded, done = std::move(done)]() mutable {
                           if (frame) render_times_.add(took.count());
                           if (discarded.stop_requested()) return;
                           catch_up_();
                           done(std::move(frame));
                           catch_up_();
                       });
        });
}

void FrameWorker::expect(const std::shared_ptr<const scenes::World>& world, const lens_model::State& lens,
                         protocol::Timestamp stamp) {
    asio::post(thread_, [this, world, lens, stamp, number = ++expected_] {
        if (number == expected_) source_.expect(world, lens, stamp);
    });
}

void FrameWorker::keep_picture() {
    asio::post(thread_, [this] { source_.keep_picture(); });
}

void FrameWorker::discard() {
    discarded_.request_stop();
    discarded_ = {};
}

void FrameWorker::finish() {
    discard();
    thread_.stop();
    thread_.join();
}

}  // namespace emulator::net
