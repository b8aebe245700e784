#include "emulator/net/frame_worker.h"

#include <asio/post.hpp>
#include <chrono>

namespace emulator::net {

std::optional<MadeFrame> FrameWorker::take(const FrameRequest& request, const std::stop_token& stop) {
    std::stop_source either;
    const auto cancel = [&either] { either.request_stop(); };
    const std::stop_callback not_wanted(stop, cancel), ends(ends_.get_token(), cancel);
    try {
        return source_.take(request, either.get_token());
    } catch (const Cancelled&) {
        return std::nullopt;
    }
}

void FrameWorker::make(const FrameRequest& request, const std::stop_token& stop,
                       std::function<void(std::optional<MadeFrame>)> done) {
    asio::post(thread_, [this, request, stop, done = std::move(done)]() mutable {
        const auto began = std::chrono::steady_clock::now();
        auto frame = take(request, stop);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        asio::post(owner_, [this, took, frame = std::move(frame), done = std::move(done)]() mutable {
            if (frame) render_times_.add(took.count());
            catch_up_();
            done(std::move(frame));
            catch_up_();
        });
    });
}

void FrameWorker::expect(const std::shared_ptr<const scenes::World>& world, const LensDrive& lens, Time start,
                         protocol::Timestamp stamp) {
    asio::post(thread_, [this, world, state = lens.state(start, housing_c_), stamp, number = ++expected_] {
        if (number == expected_) source_.expect(world, state, stamp);
    });
}

void FrameWorker::finish() {
    ends_.request_stop();
    thread_.stop();
    thread_.join();
}

}  // namespace emulator::net
